/** The lines of a log: the last ones, as they come. */
import { useEffect, useState } from 'react'
import { whileSeen } from '../../parts/while-seen.ts'
import { append, none } from './log-state.ts'
import type { LogState } from './log-state.ts'

const batchMs = 100
const retryMs = 2_000

/** Follows one log at a time; `path` is its stream. */
export function useLogLines(path: string): LogState & { readonly connected: boolean } {
  const [log, setLog] = useState({ path, state: none })
  const [connected, setConnected] = useState(false)
  useEffect(() => {
    let waiting: string[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let retry: ReturnType<typeof setTimeout> | undefined
    let source: EventSource | undefined
    const flush = (): void => {
      timer = undefined
      const lines = waiting
      waiting = []
      setLog(({ state }) => ({ path, state: append(state, lines) }))
    }
    const open = (): void => {
      source = new EventSource(path)
      source.addEventListener('open', () => {
        // each stream begins with the last lines
        waiting = []
        setLog({ path, state: none })
        setConnected(true)
      })
      source.addEventListener('message', ({ data }) => {
        waiting.push(String(JSON.parse(data)))
        timer ??= setTimeout(flush, batchMs)
      })
      source.addEventListener('error', () => {
        source?.close()
        setConnected(false)
        retry = setTimeout(open, retryMs)
      })
    }
    const leave = whileSeen({
      begin: open,
      end() {
        source?.close()
        clearTimeout(retry)
      },
    })
    return () => {
      leave()
      clearTimeout(timer)
    }
  }, [path])
  return { ...(log.path === path ? log.state : none), connected }
}
