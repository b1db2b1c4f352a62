/** What a request asks for. */
import { GatewayError } from '../errors.ts'
import { isObject } from '../wire/json.ts'
import { Original } from '../wire/original.ts'
import { bodyWithinBounds } from './bounds.ts'
import { invalid } from './invalid.ts'
import { refuseLongName } from './permitted.ts'

export type Endpoint = 'chat' | 'completion'

export interface Call {
  readonly endpoint: Endpoint
  readonly model: string
  readonly stream: boolean
  /** Whether a streamed answer ends with a usage chunk. */
  readonly includeUsage: boolean
  /** All that it says, for whoever asks first, and then kept as bytes alone: parsed it is several times as large, and a request may wait
   *  for long. Parsed anew for whoever asks again. */
  take(): Original
}

/** Reads a body into a call. Throws GatewayError `invalid_json` or `invalid_request`, naming the field. */
export function readCall(endpoint: Endpoint, bytes: Buffer): Call {
  let parsed: Original | undefined = parseBody(bytes)
  const { model, stream, stream_options: options } = parsed.value
  if (typeof model !== 'string' || model === '') {
    throw invalid('model', 'must be the name of a model; GET /v1/models lists those that can be asked for')
  }
  refuseLongName(model)
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    throw invalid('stream', 'must be true or false')
  if (options !== undefined && options !== null && !isObject(options))
    throw invalid('stream_options', 'must be an object')
  return {
    endpoint,
    model,
    stream: stream === true,
    includeUsage: options?.['include_usage'] === true,
    take() {
      const taken = parsed ?? parseBody(bytes)
      parsed = undefined
      return taken
    },
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseBody(bytes: Buffer): Original {
  const outline = bodyWithinBounds(bytes)
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
  return new Original(value, bytes, outline)
}
