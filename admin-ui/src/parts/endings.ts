/** How requests end that do not end well, in sentences. Pure. */
import type { ErrorCode } from '../../../src/errors.ts'

/** Met at the start or by what administers, never by a request for an answer. */
type Elsewhere = 'read_only' | 'invalid_config' | 'data_dir_locked' | 'store_unusable'
type Ending = Exclude<ErrorCode, Elsewhere> | 'client_left'

const sentences: Readonly<Record<string, string>> = {
  client_left: 'The client left before the end.',
  request_cancelled: 'Somebody cancelled it on this page.',
  queue_full: 'It was refused: the queue was full.',
  queue_timeout: 'It waited too long for its turn and was refused.',
  insufficient_memory: 'It was refused: the model does not fit into the memory that is left.',
  model_not_found: 'No model has the name that was asked for.',
  model_load_failed: 'The model could not be loaded.',
  server_failed: 'The model’s server failed while it answered.',
  server_timeout: 'The model’s server made no progress and was ended.',
  server_unavailable: 'The model’s server was not available.',
  engine_unavailable: 'The engine of the model is not installed or does not work.',
  shutting_down: 'The gateway was shutting down.',
  permission_denied: 'Its key may not ask for this model.',
  too_many_attempts: 'Too many wrong keys had come from its address.',
  host_not_allowed: 'It asked for this gateway by a name that is not allowed.',
  origin_not_allowed: 'It came from a web page that may not ask here.',
  not_found: 'What it asked for is not there.',
  method_not_allowed: 'It asked in a way that is not used there.',
  conflict: 'Something else was under way that it was in the way of.',
  invalid_api_key: 'Its key is not known, revoked or expired.',
  invalid_request: 'The request was not as the API describes it.',
  invalid_json: 'The request was not whole JSON.',
  unsupported_media_type: 'The request was not sent as JSON.',
  request_too_large: 'The request was larger than the gateway takes.',
  request_timeout: 'The request did not come whole in time.',
  hub_unreachable: 'The model was to be fetched, and the hub could not be reached.',
  verification_failed: 'The model was fetched, and came broken.',
  disk_full: 'The model was to be fetched, and the disk is full.',
  internal_error: 'The gateway met an error of its own; its log says more.',
} satisfies Record<Ending, string>

/** By the code of its error. */
export function endingOf(error: string): string {
  return sentences[error] ?? `It ended with ${error.replaceAll('_', ' ')}.`
}
