/** What a request asks for. */
import { GatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../wire/json.ts'

export type Endpoint = 'chat' | 'completion'

export interface Call {
  readonly endpoint: Endpoint
  readonly model: string
  readonly stream: boolean
  /** Whether a streamed answer ends with a usage chunk. */
  readonly includeUsage: boolean
  readonly body: JsonObject
  /** Bytes of the body as it came. */
  readonly size: number
}

/** Reads a body into a call. Throws GatewayError `invalid_json` or `invalid_request`, naming the field. */
export function readCall(endpoint: Endpoint, bytes: Buffer): Call {
  const body = parseBody(bytes)
  const { model, stream, stream_options: options } = body
  if (typeof model !== 'string' || model === '') {
    throw invalid('model', 'must be the name of a model; GET /v1/models lists those that can be asked for')
  }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    throw invalid('stream', 'must be true or false')
  if (options !== undefined && options !== null && !isObject(options))
    throw invalid('stream_options', 'must be an object')
  return {
    endpoint,
    model,
    stream: stream === true,
    includeUsage: options?.['include_usage'] === true,
    body,
    size: bytes.length,
  }
}

export function invalid(param: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `'${param}' ${problem}.`, { param })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseBody(bytes: Buffer): JsonObject {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch (cause) {
    throw new GatewayError('invalid_json', 'The request body is not valid UTF-8.', { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    // the parser's own words quote the body: keep them out of answers and logs
    throw new GatewayError('invalid_json', 'The request body is not valid JSON.', { cause })
  }
  if (!isObject(value)) throw new GatewayError('invalid_json', 'The request body must be a JSON object.')
  return value
}
