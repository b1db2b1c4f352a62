/** What a backend's refusal or death means to the client. Pure. */
import { GatewayError } from '../errors.ts'
import { readErrorText } from '../wire/generation.ts'
import { parseObject } from '../wire/json.ts'

/** mlx_lm.server answers 404 for most failures, with a string (0.32.2): the words decide. Numbered as the body below:
 *  1. its generation thread is dead: the server is of no more use;
 *  2. the chat template refused the messages, or the request is at fault: the client's to mend;
 *  3. it is busy: try again;
 *  4. anything else, an HTML page among them, is the server's failure. */
export function readRefusal(status: number, body: string): GatewayError {
  const parsed = parseObject(body)
  const words = parsed === undefined ? undefined : tidy(readErrorText(parsed))
  if (words?.includes('generation thread died')) {
    return new GatewayError('server_failed', 'The model server had died; it is being restarted. Try again.', {
      retryAfterMs: 1000,
    }) // 1
  }
  if (
    words !== undefined &&
    (status === 400 ||
      status === 422 ||
      (status === 404 && /templat|jinja|role|content type|conversation/i.test(words)))
  ) {
    return new GatewayError('invalid_request', `The model server refused the request: ${words}`) // 2
  }
  if (status === 429 || status === 503) {
    return new GatewayError('server_unavailable', `The model server is busy${words ? `: ${words}` : '.'}`, {
      retryAfterMs: 1000,
    }) // 3
  }
  return new GatewayError(
    'server_failed',
    `The model server answered ${status}${words ? `: ${words}` : ' without an explanation.'}`,
  ) // 4
}

/** Short, on one line, without the paths of the machine. */
function tidy(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/(?:\/[\w.@+-]+){2,}\/?/g, '…')
    .slice(0, 400)
}

export function tornOff(what: string): GatewayError {
  return new GatewayError('server_failed', `The model server broke off ${what}. Its log says why: mlx-gateway logs.`, {
    retryAfterMs: 1000,
  })
}
