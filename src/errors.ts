/** Everything that can go wrong, in the product's words. Knows no HTTP: `api/errors.ts` gives each code its status. */

export type ErrorCode =
  // what the caller sent
  | 'invalid_request'
  | 'invalid_json'
  | 'unsupported_media_type'
  | 'request_too_large'
  | 'request_timeout'
  | 'not_found'
  | 'method_not_allowed'
  | 'model_not_found'
  | 'host_not_allowed'
  | 'origin_not_allowed'
  // who is asking
  | 'invalid_api_key'
  | 'permission_denied'
  | 'too_many_attempts'
  // what is in the way
  | 'conflict'
  | 'read_only'
  | 'request_cancelled'
  | 'queue_full'
  | 'queue_timeout'
  | 'insufficient_memory'
  | 'shutting_down'
  // what a server or its engine did
  | 'engine_unavailable'
  | 'model_load_failed'
  | 'server_unavailable'
  | 'server_failed'
  | 'server_timeout'
  // where models come from
  | 'hub_unreachable'
  | 'verification_failed'
  | 'disk_full'
  // the person at the keyboard
  | 'invalid_config'
  | 'data_dir_locked'
  | 'store_unusable'
  | 'internal_error'

export interface ErrorFacts {
  /** The request field or setting at fault, as the caller wrote it: `stop[1]`, `logit_bias.50256`. */
  readonly param?: string
  /** When to try again, in milliseconds from now; absent where trying again will not help. */
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** The only error that rooms throw on purpose. `message` is one or two sentences that say what to do; never a secret or a prompt. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly param: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = code
    this.param = facts.param
    this.retryAfterMs = facts.retryAfterMs
  }
}

/** What a caller is told of something nobody threw on purpose: nothing but that it happened. */
export function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  return new GatewayError('internal_error', 'The gateway met an error of its own; its log says more.', {
    cause: thrown,
  })
}

/** The words of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** What the system calls it (`ENOENT`), of whatever was thrown. */
export function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
}
