/** The body of a streamed answer on its way to the socket. */
import type { ServerResponse } from 'node:http'

/** Frames its chunks itself: node hands each to the socket in four pieces, which doubles what sending it costs. */
export class StreamBody {
  readonly #outgoing: ServerResponse
  readonly #framed: boolean
  #begun = false

  constructor(outgoing: ServerResponse) {
    this.#outgoing = outgoing
    // HTTP/1.0 knows no chunks: the connection ends with the answer
    this.#framed = outgoing.req.httpVersion === '1.1'
  }

  get begun(): boolean {
    return this.#begun
  }

  /** False where the client reads too slowly. `latin1` is for ASCII alone. */
  write(text: string, encoding: 'latin1' | 'utf8'): boolean {
    this.#begin()
    return this.#outgoing.write(this.#framed ? chunk(text, encoding) : text, encoding)
  }

  end(text: string): void {
    this.#begin()
    this.#outgoing.end(this.#framed ? `${chunk(text, 'utf8')}0\r\n\r\n` : text)
  }

  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    this.#outgoing.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...(this.#framed && { 'transfer-encoding': 'chunked' }),
    })
    this.#outgoing.chunkedEncoding = false
  }
}

function chunk(text: string, encoding: 'latin1' | 'utf8'): string {
  const size = encoding === 'latin1' ? text.length : Buffer.byteLength(text)
  return `${size.toString(16)}\r\n${text}\r\n`
}
