/** What those who waited for a server are told when they do not get it. */
import { GatewayError } from '../errors.ts'
import type { Failure } from './failure.ts'
import type { Refusal } from './lifecycle.ts'

/** `now` in ms since 1970. */
export function refusalOf(profile: string, refusal: Refusal, now: number): GatewayError {
  switch (refusal.kind) {
    case 'start failed':
      return new GatewayError(refusal.failure.code, `The server of "${profile}" failed: ${told(refusal.failure)}`)
    case 'not retried':
      return new GatewayError(
        refusal.failure.code,
        `The server of "${profile}" cannot start until this is put right: ${told(refusal.failure)}`,
      )
    case 'circuit open': {
      const { failure, failures, retryAt } = refusal
      const retryAfterMs = Math.max(0, retryAt - now)
      const when = `it is tried again in ${Math.ceil(retryAfterMs / 1000)} s`
      const message = `The server of "${profile}" failed ${failures} times in a row; ${when}. ${told(failure)}`
      return new GatewayError('server_unavailable', message, { retryAfterMs })
    }
    case 'stopped':
      return refusal.reason === 'shutdown'
        ? new GatewayError('shutting_down', 'The gateway is shutting down.')
        : new GatewayError(
            'server_unavailable',
            `The server of "${profile}" was stopped before it was ready; ask again.`,
            {
              retryAfterMs: 1_000,
            },
          )
  }
}

/** The reason and the last three lines, on one line and without control characters. */
function told({ diagnosis, lines }: Failure): string {
  const last = lines.filter((line) => line.trim() !== '' && !diagnosis.reason.includes(line.trim())).slice(-3)
  const output = last.length === 0 ? '' : ` Its last lines: ${last.map((line) => line.slice(0, 300)).join(' | ')}`
  // oxlint-disable-next-line no-control-regex -- escape sequences of a server's output must not reach a terminal or a header
  return `${diagnosis.reason}${output}`
    .replaceAll(/\u001B\[[\d;?]*[A-Za-z]/g, '')
    .replaceAll(/[\u0000-\u001F\u007F]+/g, ' ')
}
