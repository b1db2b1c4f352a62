/** Paced streams of the mock engine: one timer for all of them, each chunk stamped as it is written. */
import type { Socket } from 'node:net'
import type { Answers } from './answers.ts'
import { ticksNow, type StreamOrder } from './words.ts'

export interface Pace {
  /** Sends the first chunk at once, the others each `gapMs` later; `done` is called in place of the chunk after the last. */
  start(socket: Socket, order: StreamOrder, done: () => void): void
}

interface Stream {
  readonly socket: Socket
  readonly gapMs: number
  readonly done: () => void
  left: number
  dueAt: number
}

export function createPace(answers: Answers): Pace {
  const streams = new Set<Stream>()
  let timer: NodeJS.Timeout | undefined

  const send = (stream: Stream): void => {
    stream.socket.write(answers.timed(ticksNow()), 'latin1')
    stream.left -= 1
    stream.dueAt += stream.gapMs
  }
  const leave = (stream: Stream): void => {
    streams.delete(stream)
    if (streams.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  const tick = (): void => {
    const now = performance.now()
    for (const stream of streams) {
      if (stream.socket.destroyed) leave(stream)
      else if (stream.dueAt > now) continue
      else if (stream.left > 0) send(stream)
      else {
        leave(stream)
        stream.done()
      }
    }
  }

  return {
    start(socket, { chunks, gapMs }, done) {
      const stream = { socket, gapMs, done, left: chunks, dueAt: performance.now() }
      streams.add(stream)
      send(stream)
      timer ??= setInterval(tick, 1)
    },
  }
}
