/** Ctrl-C, for a command that has something to say at its end. */

export interface Interruption extends Disposable {
  /** Aborts at the first Ctrl-C; the second ends the process as ever. */
  readonly signal: AbortSignal
}

export function interruption(): Interruption {
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt)
  return {
    signal: interrupted.signal,
    [Symbol.dispose]: () => void process.off('SIGINT', interrupt),
  }
}
