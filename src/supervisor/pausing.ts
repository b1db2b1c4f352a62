/** Waits between two looks at a server. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogTail } from './log-tail.ts'

/** Some say a lot: never is a pause shorter than this, ms. */
const shortest = 2

/** Pauses of `ms` that a line of output after `mark` cuts short: servers often say that they listen now. They reject with the signal's
 *  reason. */
export function pausing(tail: LogTail, signal: AbortSignal): (ms: number, mark: number) => Promise<void> {
  let wake: (() => void) | undefined
  tail.follow(() => wake?.(), signal)
  return async (ms, mark) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    if (tail.mark > mark) resolve()
    await Promise.race([sleep(ms, undefined, { signal }), promise.then(() => sleep(shortest, undefined, { signal }))])
  }
}
