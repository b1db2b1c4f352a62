/** One trial of a profile; it ends where whoever wanted it leaves. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { api, ask, inPath, messageOf } from '../../api.ts'
import type { Tried } from './trial-words.ts'

export type TrialState =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly tried: Tried }
  | { readonly kind: 'failed'; readonly reason: string }

/** Begins at once. */
export function useTrial(name: string) {
  const [state, setState] = useState<TrialState>({ kind: 'running' })
  const running = useRef<AbortController>(undefined)
  const begin = useCallback(async () => {
    running.current?.abort()
    const { signal } = (running.current = new AbortController())
    setState({ kind: 'running' })
    try {
      const asked = api.profiles[':name'].test.$post({ param: { name: inPath(name) } }, { init: { signal } })
      const tried = await ask(asked)
      if (!signal.aborted) setState({ kind: 'done', tried })
    } catch (error) {
      if (!signal.aborted) setState({ kind: 'failed', reason: messageOf(error) })
    }
  }, [name])
  useEffect(() => {
    void begin()
    return () => running.current?.abort()
  }, [begin])
  return { state, again: () => void begin() }
}
