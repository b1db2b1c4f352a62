/** Tries again what may go better the next time: after a pause that grows and is never quite the same, and not before the hub wants it. */
import { setTimeout as wait } from 'node:timers/promises'
import pRetry from 'p-retry'
import { GatewayError } from '../errors.ts'

export interface Patience {
  /** Tries in a row that bring nothing. */
  readonly attempts: number
  /** The first pause, in milliseconds; each is twice the one before, and up to twice that again by chance. */
  readonly pauseMs: number
}

const LONGEST_PAUSE_MS = 30_000
/** A hub that asks for more is asked again all the same. */
const LONGEST_OBEYED_MS = 3_600_000

/** `progressed`: whether the last try brought something that lasts. Then the count begins anew, and the next try at once.
 *  Throws the last try's error, or the signal's reason. */
export async function tryAgain(
  attempt: () => Promise<void>,
  { attempts, pauseMs }: Patience,
  progressed: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const options = {
    retries: attempts - 1,
    minTimeout: pauseMs,
    maxTimeout: LONGEST_PAUSE_MS,
    randomize: true,
    signal,
    shouldRetry: ({ error }: { readonly error: unknown }) => isPassing(error),
    onFailedAttempt: async ({ error, retriesLeft }: { readonly error: unknown; readonly retriesLeft: number }) => {
      if (isPassing(error) && retriesLeft > 0) await obey(error, signal)
    },
  }
  const once = async (): Promise<'done' | 'further'> => {
    try {
      await attempt()
      return 'done'
    } catch (error) {
      signal.throwIfAborted()
      if (!isPassing(error) || !progressed()) throw error
      await obey(error, signal)
      return 'further'
    }
  }
  while ((await pRetry(once, options)) === 'further');
}

/** The hub and its hosts may answer better a moment later; whatever else went wrong is the same then. */
function isPassing(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.code === 'hub_unreachable'
}

async function obey({ retryAfterMs = 0 }: GatewayError, signal: AbortSignal): Promise<void> {
  if (retryAfterMs > 0) await wait(Math.min(retryAfterMs, LONGEST_OBEYED_MS), undefined, { signal })
}
