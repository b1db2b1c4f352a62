/** Server-sent events, as bytes come in (WHATWG HTML, section 9.2). */
import { isAscii } from 'node:buffer'
import { GatewayError } from '../errors.ts'

export interface SseListener {
  /** The data of one event. Where `plain` is true it is ASCII; else it is UTF-8 read as latin1, for `textOf`. */
  data(bytes: string, plain: boolean): void
  comment(text: string): void
  /** Whole events in ASCII, as they came; false where they are to be told one by one. */
  events?(bytes: string): boolean
}

/** UTF-8 bytes that were read as latin1, as text. Broken sequences become U+FFFD. */
export function textOf(bytes: string, plain: boolean): string {
  return plain ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Splits a body into events. Bytes stay latin1 strings until somebody needs text, which spares the hot path two conversions.
 *  Takes LF, CRLF and CR line ends, and a byte order mark. Throws GatewayError `server_failed` when one event grows past `limit` bytes. */
export class SseReader {
  readonly #listener: SseListener
  readonly #limit: number
  #rest = ''
  #restPlain = true
  #data: string | undefined
  #dataPlain = true
  #atStart = true

  constructor(listener: SseListener, limit = 1024 ** 2) {
    this.#listener = listener
    this.#limit = limit
  }

  push(chunk: Buffer): void {
    let text = chunk.toString('latin1')
    let plain = isAscii(chunk)
    if (this.#rest !== '') {
      text = this.#rest + text
      plain = plain && this.#restPlain
    }
    if (this.#atStart && text.length >= 3) {
      this.#atStart = false
      if (text.startsWith('\xEF\xBB\xBF')) text = text.slice(3)
    }
    const whole = text.lastIndexOf('\n\n') + 2
    if (whole > 1 && plain && this.#data === undefined && this.#listener.events?.(text.slice(0, whole))) {
      this.#rest = text.slice(whole)
      this.#restPlain = true
      return
    }
    this.#lines(text, plain)
  }

  #lines(text: string, plain: boolean): void {
    const carriageReturns = text.includes('\r')
    let from = 0
    for (;;) {
      let end = text.indexOf('\n', from)
      let next = end + 1
      if (carriageReturns) {
        const cr = text.indexOf('\r', from)
        // a CR that ends the chunk may be half of a CRLF: wait for what follows
        if (cr !== -1 && (end === -1 || cr < end) && cr + 1 < text.length) {
          end = cr
          next = text.charCodeAt(cr + 1) === 10 ? cr + 2 : cr + 1
        }
      }
      if (end === -1) break
      this.#line(text.slice(from, end), plain)
      from = next
    }
    this.#rest = from === 0 ? text : text.slice(from)
    this.#restPlain = plain
    if (this.#rest.length + (this.#data?.length ?? 0) > this.#limit) {
      throw new GatewayError('server_failed', `The server sent an event of more than ${this.#limit} bytes.`)
    }
  }

  /** The body has ended: a CR held back was a line end after all. */
  end(): void {
    if (!this.#rest.endsWith('\r')) return
    const line = this.#rest.slice(0, -1)
    this.#rest = ''
    this.#line(line, this.#restPlain)
  }

  #line(line: string, plain: boolean): void {
    if (line === '') {
      if (this.#data === undefined) return
      const data = this.#data
      this.#data = undefined
      this.#listener.data(data, this.#dataPlain)
      this.#dataPlain = true
    } else if (line.startsWith('data:')) {
      const value = line.slice(line.charCodeAt(5) === 32 ? 6 : 5)
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
      this.#dataPlain &&= plain
    } else if (line.startsWith(':')) {
      this.#listener.comment(textOf(line.slice(1).trim(), plain))
    }
  }
}
