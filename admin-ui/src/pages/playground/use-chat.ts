/** One conversation with one model: its turns, and the answer under way. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { messageOf } from '../../api.ts'
import { chatStream } from './chat-stream.ts'
import { requestOf } from './chat-request.ts'
import type { Asked, Parameters } from './chat-request.ts'
import { end, fail, noAnswer, take } from './conversation.ts'
import type { Answer, Turn } from './conversation.ts'

export interface Chat {
  readonly turns: readonly Turn[]
  readonly busy: boolean
  readonly send: (model: string, parameters: Parameters, asked: Asked) => Promise<void>
  readonly stop: () => void
  readonly clear: () => void
}

export function useChat(): Chat {
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const [busy, setBusy] = useState(false)
  const underWay = useRef<AbortController>(undefined)
  const stop = useCallback(() => underWay.current?.abort(), [])
  useEffect(() => stop, [stop])

  const send = async (model: string, parameters: Parameters, asked: Asked) => {
    const controller = new AbortController()
    underWay.current = controller
    const began = performance.now()
    const sinceMs = () => performance.now() - began
    const show = (answer: Answer) => setTurns([...turns, { ...asked, answer }])
    const onScreen = atMostOnceAFrame(show)
    let answer = noAnswer
    show(answer)
    setBusy(true)
    try {
      for await (const chunk of chatStream(requestOf(model, parameters, turns, asked), controller.signal)) {
        answer = take(answer, chunk, sinceMs())
        onScreen.show(answer)
      }
      answer = end(answer, 'done', sinceMs())
    } catch (error) {
      answer = controller.signal.aborted ? end(answer, 'stopped', sinceMs()) : fail(answer, messageOf(error), sinceMs())
    }
    onScreen.stop()
    show(answer)
    setBusy(false)
  }
  const clear = () => {
    stop()
    setTurns([])
  }
  return { turns, busy, send, stop, clear }
}

/** A quick model says more often something than a screen can show. */
function atMostOnceAFrame(show: (answer: Answer) => void) {
  let next: Answer | undefined
  let frame: number | undefined
  return {
    show(answer: Answer): void {
      next = answer
      frame ??= requestAnimationFrame(() => {
        frame = undefined
        if (next !== undefined) show(next)
      })
    },
    stop(): void {
      if (frame !== undefined) cancelAnimationFrame(frame)
    },
  }
}
