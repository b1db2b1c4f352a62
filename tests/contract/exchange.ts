/** One request over a bare socket, and every byte that comes back: what no HTTP client would show. */
import { once } from 'node:events'
import { connect } from 'node:net'

export interface Request {
  readonly method?: string
  readonly path?: string
  readonly body?: string | Buffer | object
  readonly chunked?: boolean
}

export interface Answer {
  /** Every byte, as latin1. */
  readonly raw: string
  /** 0 where nothing came. */
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Sends a request, by default a chat, and waits until the server closes. */
export async function exchange(port: number, request: Request): Promise<Answer> {
  return open(port, request).ended
}

export interface Open {
  /** Resolves when the answer holds the text; throws where it ends before. */
  until(text: string): Promise<void>
  readonly ended: Promise<Answer>
  leave(): void
}

export function open(port: number, request: Request): Open {
  const socket = connect(port, '127.0.0.1')
  let raw = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    raw += text
  })
  socket.write(bytesOf(request))
  const ended = once(socket, 'end').then(() => read(raw))
  ended.catch(() => {})
  return {
    ended,
    leave: () => void socket.destroy(),
    async until(text) {
      while (!raw.includes(text)) {
        if (socket.readableEnded) throw new Error(`ended without ${text}:\n${raw}`)
        await Promise.race([once(socket, 'data'), once(socket, 'end')])
      }
    },
  }
}

/** The JSON of a body. */
export function parsed(answer: Answer) {
  return JSON.parse(Buffer.from(answer.body, 'latin1').toString())
}

/** The data of a stream, [DONE] as a text. */
export function eventsOf(answer: Answer) {
  return dataOf(answer).map((data) => (data === '[DONE]' ? data : JSON.parse(data)))
}

export function commentsOf(answer: Answer): string[] {
  return answer.body.split('\n\n').filter((event) => event.startsWith(': '))
}

/** What a stream said in one field of its deltas. */
export function saidIn(answer: Answer, field: 'content' | 'reasoning'): string {
  return eventsOf(answer)
    .map((event) => event.choices?.[0]?.delta?.[field] ?? '')
    .join('')
}

function dataOf(answer: Answer): string[] {
  return answer.body
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice(6))
}

function bytesOf({ method = 'POST', path = '/v1/chat/completions', body, chunked = false }: Request): Buffer {
  const content = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const bytes = Buffer.from(content ?? '')
  const length = content === undefined ? [] : [`Content-Length: ${bytes.length}`]
  const framing = chunked ? ['Transfer-Encoding: chunked'] : length
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    ...framing,
    '',
    '',
  ].join('\r\n')
  const parts = chunked ? [`${bytes.length.toString(16)}\r\n`, bytes, '\r\n0\r\n\r\n'] : [bytes]
  return Buffer.concat([head, ...parts].map((part) => Buffer.from(part)))
}

function read(raw: string): Answer {
  const end = raw.indexOf('\r\n\r\n')
  const [line = '', ...fields] = raw.slice(0, Math.max(end, 0)).split('\r\n')
  const headers = new Map(
    fields.map((field) => [field.split(': ')[0]?.toLowerCase() ?? '', field.slice(field.indexOf(': ') + 2)]),
  )
  return { raw, status: Number(line.split(' ')[1] ?? 0), headers, body: end < 0 ? '' : raw.slice(end + 4) }
}
