/** What those who waited for a server are told when they do not get it. They may be anybody who holds a key: the server's own output, in
 *  which there may be prompts, paths and secrets, is not for them. */
import { GatewayError } from '../errors.ts'
import type { Failure } from './failure.ts'
import type { FailedState, Refusal } from './lifecycle.ts'

/** `now` in ms since 1970. */
export function refusalOf(profile: string, refusal: Refusal, now: number): GatewayError {
  switch (refusal.kind) {
    case 'start failed': {
      const { failure } = refusal
      return new GatewayError(failure.code, `The server of "${profile}" failed: ${told(profile, failure)}`)
    }
    case 'not tried':
      return notTried(profile, refusal.state, now)
    case 'stopped':
      return refusal.reason === 'shutdown'
        ? new GatewayError('shutting_down', 'The gateway is shutting down.')
        : new GatewayError(
            'server_unavailable',
            `The server of "${profile}" was stopped before it was ready; ask again.`,
            { retryAfterMs: 1_000 },
          )
  }
}

/** Why a server that failed is not started now: for a reason that lasts, or because its pause is not over. `now` in ms since 1970. */
export function notTried(profile: string, state: FailedState, now: number): GatewayError {
  const { code, diagnosis, failures, retryAt } = state
  const why = told(profile, state)
  if (diagnosis.kind === 'permanent') {
    return new GatewayError(code, `The server of "${profile}" cannot start until this is put right: ${why}`)
  }
  const retryAfterMs = Math.max(0, retryAt - now)
  const often = failures > 1 ? ` ${failures} times in a row` : ''
  const message = `The server of "${profile}" failed${often}; it is tried again in ${Math.ceil(retryAfterMs / 1_000)} s. ${why}`
  return new GatewayError('server_unavailable', message, { retryAfterMs })
}

/** The classified reason, and where the rest can be read by whom it concerns. */
function told(profile: string, { diagnosis, lines }: Failure): string {
  return lines.length === 0 ? diagnosis.reason : `${diagnosis.reason} Its log says more: mlx-gateway logs ${profile}`
}
