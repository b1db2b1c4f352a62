/** Which bodies are read at all: JSON of a bearable size, plain. */
import type { IncomingHttpHeaders } from 'node:http'
import { GatewayError } from '../../errors.ts'

const reading: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Judges a body by its headers, before a byte of it is read. `maxBody` in bytes. Requiring JSON also keeps out the forms of foreign
 *  pages, which browsers send without asking. Throws GatewayError `request_too_large`, `unsupported_media_type`, `invalid_request`. */
export function acceptBody(method: string, headers: IncomingHttpHeaders, maxBody: number): void {
  const length = headers['content-length']
  const chunked = headers['transfer-encoding'] !== undefined
  if (length !== undefined && Number(length) > maxBody) {
    const allowed = `${(maxBody / 1024 ** 2).toFixed(1)} MiB`
    throw new GatewayError(
      'request_too_large',
      `The request body is larger than ${allowed}; send less, or raise server.maxBody.`,
    )
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new GatewayError(
      'unsupported_media_type',
      'Compressed request bodies are not accepted; send the body without Content-Encoding.',
    )
  }
  const type = headers['content-type']
  const present = chunked || (length !== undefined && Number(length) > 0)
  if (!reading.has(method) || (!present && type === undefined)) return
  if (type !== undefined && /^application\/json[ \t]*(?:;|$)/i.test(type)) return
  throw new GatewayError(
    'unsupported_media_type',
    'The request body must be JSON; send the header Content-Type: application/json.',
  )
}
