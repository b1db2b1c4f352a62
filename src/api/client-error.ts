/** What node could not read as a request still gets a proper answer, where there is room for one. */
import { STATUS_CODES } from 'node:http'
import { GatewayError } from '../errors.ts'
import { errorBody } from './errors.ts'

interface Refusal {
  readonly status: 400 | 408 | 431
  readonly error: GatewayError
}

/** By the code of node's or llhttp's error. */
export function refusalOf(code: string | undefined): Refusal {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        error: new GatewayError('request_timeout', 'The request took too long to arrive; send it faster.'),
      }
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        error: new GatewayError('request_too_large', 'The request headers are too large; send less in them.'),
      }
    default:
      return { status: 400, error: new GatewayError('invalid_request', 'The request is not proper HTTP/1.1.') }
  }
}

/** The whole answer, ending the connection. */
export function rawAnswer({ status, error }: Refusal, requestId: string): string {
  const body = JSON.stringify(errorBody(error))
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
