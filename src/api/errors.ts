/** What each error means in HTTP: one table that the compiler keeps complete, and its shape on the wire (OpenAI's). */
import type { ServerResponse } from 'node:http'
import { asGatewayError, GatewayError, messageOf } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { HouseEvent } from '../telemetry/telemetry.ts'
import { endAfterBody, hasUnreadBody } from './linger.ts'

export interface Meaning {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 421 | 429 | 499 | 500 | 502 | 503 | 504 | 507
  readonly type: 'invalid_request_error' | 'rate_limit_error' | 'server_error'
  /** It may be over in a moment even where nobody can say when. */
  readonly passing?: true
}

const meanings: Record<ErrorCode, Meaning> = {
  invalid_request: { status: 400, type: 'invalid_request_error' },
  invalid_json: { status: 400, type: 'invalid_request_error' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  request_too_large: { status: 413, type: 'invalid_request_error' },
  request_timeout: { status: 408, type: 'invalid_request_error', passing: true },
  not_found: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  model_not_found: { status: 404, type: 'invalid_request_error' },
  host_not_allowed: { status: 421, type: 'invalid_request_error' },
  origin_not_allowed: { status: 403, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'invalid_request_error' },
  permission_denied: { status: 403, type: 'invalid_request_error' },
  too_many_attempts: { status: 429, type: 'rate_limit_error', passing: true },
  conflict: { status: 409, type: 'invalid_request_error' },
  read_only: { status: 409, type: 'invalid_request_error' },
  request_cancelled: { status: 499, type: 'server_error' },
  queue_full: { status: 429, type: 'rate_limit_error', passing: true },
  queue_timeout: { status: 503, type: 'server_error', passing: true },
  insufficient_memory: { status: 503, type: 'server_error' },
  shutting_down: { status: 503, type: 'server_error', passing: true },
  engine_unavailable: { status: 503, type: 'server_error' },
  model_load_failed: { status: 503, type: 'server_error' },
  server_unavailable: { status: 503, type: 'server_error', passing: true },
  server_failed: { status: 502, type: 'server_error', passing: true },
  server_timeout: { status: 504, type: 'server_error', passing: true },
  hub_unreachable: { status: 503, type: 'server_error', passing: true },
  verification_failed: { status: 502, type: 'server_error', passing: true },
  disk_full: { status: 507, type: 'server_error' },
  invalid_config: { status: 500, type: 'server_error' },
  data_dir_locked: { status: 500, type: 'server_error' },
  store_unusable: { status: 503, type: 'server_error', passing: true },
  internal_error: { status: 500, type: 'server_error' },
}

/** `{ error: { message, type, param, code } }`, every member always there. */
export interface ErrorBody {
  readonly error: {
    readonly message: string
    readonly type: Meaning['type']
    readonly param: string | null
    readonly code: ErrorCode
  }
}

export function meaningOf(error: GatewayError): Meaning {
  return meanings[error.code]
}

export function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && Object.hasOwn(meanings, code)
}

export function errorBody(error: GatewayError): ErrorBody {
  const { message, code, param } = error
  return { error: { message, type: meanings[code].type, param: param ?? null, code } }
}

/** `Retry-After` in whole seconds where it is known. `x-should-retry: false` where a client would try again by the status alone
 *  (408, 409, 429, 5xx: the official SDKs do) and that cannot help. */
export function errorHeaders(error: GatewayError): Record<string, string> {
  const { status, passing } = meanings[error.code]
  const headers: Record<string, string> = {}
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)))
  else if (passing === undefined && (status === 409 || status >= 500)) headers['x-should-retry'] = 'false'
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  return headers
}

/** Answers with `error` on the raw response, once: where something was sent already, the connection is cut instead, so that the answer
 *  cannot be taken for complete. A request body that is still on its way is not taken for the next request. Returns the status. */
export function writeError(outgoing: ServerResponse, thrown: unknown, requestId: string): number {
  const error = asGatewayError(thrown)
  const { status } = meanings[error.code]
  if (outgoing.headersSent) {
    outgoing.destroy()
    return status
  }
  const body = JSON.stringify(errorBody(error))
  const unread = hasUnreadBody(outgoing.req)
  outgoing.writeHead(status, {
    ...errorHeaders(error),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    ...(unread ? { connection: 'close' } : {}),
  })
  if (unread && outgoing.req.headers.expect === undefined) endAfterBody(outgoing, body)
  else outgoing.end(body)
  return status
}

/** The event to announce for what a request died of, unless it was a GatewayError that is an answer and no trouble. */
export function troubleOf(thrown: unknown, requestId: string): HouseEvent | undefined {
  if (thrown instanceof GatewayError && !troubling.has(thrown.code)) return undefined
  const told = thrown instanceof GatewayError ? (thrown.cause ?? thrown) : thrown
  const detail = told instanceof Error ? (told.stack ?? told.message) : messageOf(told)
  return { type: 'gateway.trouble', requestId, message: messageOf(told), detail }
}

/** Of the gateway itself or of its disk: whoever runs it should hear of them. */
const troubling: ReadonlySet<ErrorCode> = new Set(['internal_error', 'store_unusable'])
