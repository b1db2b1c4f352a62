/** Whoever asks may leave, and the gateway may close: then nobody waits for the answer any more. */
import { GatewayError } from '../errors.ts'

/** Aborts with a GatewayError, which is no trouble of ours. */
export function untilLeft(asked: Request, closing: AbortSignal): AbortSignal {
  const leaving = new AbortController()
  const leave = (): void => leaving.abort(new GatewayError('request_timeout', 'The client has left.'))
  if (asked.signal.aborted) leave()
  asked.signal.addEventListener('abort', leave, { once: true })
  return AbortSignal.any([leaving.signal, closing])
}
