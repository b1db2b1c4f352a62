/** Asks a model from within the house as a client would from outside: over a connection of its own, which lies in memory. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { duplexPair } from 'node:stream'
import { json } from 'node:stream/consumers'
import type { Endpoint, Exchange } from '../proxy/proxy.ts'
import { errorBody } from '../wire/openai.ts'
import { GatewayError } from '../errors.ts'
import type { House } from './door.ts'
import { isErrorCode } from './errors.ts'

export interface Inquiry {
  readonly endpoint: Endpoint
  readonly requestId: string
  readonly identity: Exchange['identity']
  readonly body: object
}

/** Resolves with the whole answer, once the request is over and written down. Throws GatewayError as the client would have been told, or
 *  what `signal` was aborted with: then nobody waits for the answer any more. */
export async function askWithin(
  { proxy }: Pick<House, 'proxy'>,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<unknown> {
  const { body, ...asked } = inquiry
  const [near, far] = duplexPair()
  // each takes the other along, as the ends of a socket do; of these only newer versions of node see to it
  near.once('close', () => far.destroy())
  far.once('close', () => near.destroy())
  const served = Promise.withResolvers<void>()
  const server = createServer((incoming, outgoing) => {
    served.resolve(proxy.serve({ ...asked, incoming, outgoing }))
  })
  // node asks this of any connection that an answer is slow to leave by
  server.emit('connection', Object.assign(far, { setTimeout: () => far }))
  try {
    const text = JSON.stringify(body)
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      connection: 'close',
    }
    const asking = request({
      createConnection: () => near,
      method: 'POST',
      path: `/${asked.endpoint}`,
      headers,
      signal,
    })
    // once there is an answer, it tells of what becomes of it
    asking.on('error', () => {})
    asking.end(text)
    const [answer]: IncomingMessage[] = await once(asking, 'response')
    if (answer === undefined) throw new TypeError('a response without an answer')
    const said = await json(answer)
    await served.promise
    if (answer.statusCode === 200) return said
    throw refusalIn(said, answer)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    near.destroy()
  }
}

/** The error that an answer tells of. */
function refusalIn(said: unknown, { statusCode, headers }: IncomingMessage): GatewayError {
  const { error } = errorBody.parse(said)
  const { message, param, code } = error
  if (!isErrorCode(code)) throw new TypeError(`an answer of ${statusCode} with a code that is none: ${code}`)
  const seconds = headers['retry-after']
  return new GatewayError(code, message, {
    ...(param === null ? {} : { param }),
    ...(seconds === undefined ? {} : { retryAfterMs: Number(seconds) * 1_000 }),
  })
}
