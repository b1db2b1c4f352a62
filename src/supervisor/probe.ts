/** Asks a server: is it ready, is it dead for good. Ready means that a completion was answered; `/health` says 200 long before
 *  that, and after its thread has died. */
import { type IncomingMessage, request } from 'node:http'
import { codeOf } from '../errors.ts'

/** `refused`: nobody listens yet · `broken`: the connection ended without an answer. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'broken' }

export interface Question {
  readonly port: number
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  /** Called when somebody has taken the connection. */
  connected?(): void
}

const longestText = 2_000

/** One request on a connection of its own, without a time limit: a server answers its first completion when its model is loaded.
 *  Rejects only with the signal's reason. */
export function ask({ port, method, path, body, connected }: Question, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const payload = body === undefined ? '' : JSON.stringify(body)
  const headers = {
    connection: 'close',
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  }
  const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false, signal })
  asked.once('socket', (socket) => socket.once('connect', () => connected?.()))
  asked.once('response', (response) => void read(response).then(resolve))
  asked.on('error', (error) => {
    if (signal.aborted) reject(signal.reason)
    else resolve({ kind: codeOf(error) === 'ECONNREFUSED' ? 'refused' : 'broken' })
  })
  asked.end(payload)
  return promise
}

async function read(response: IncomingMessage): Promise<Answer> {
  let text = ''
  try {
    for await (const chunk of response.setEncoding('utf8')) text = (text + String(chunk)).slice(0, longestText)
  } catch {
    return { kind: 'broken' }
  }
  return { kind: 'answered', status: response.statusCode ?? 0, text }
}
