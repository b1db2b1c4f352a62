/** Bytes put together from pieces of other bytes and from text. */
import type { Place } from './outline.ts'

export class Patchwork {
  readonly #bytes: Buffer
  readonly #all: Buffer[] = []
  #text = ''
  #start = 0
  #end = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  text(text: string): void {
    if (this.#end > this.#start) {
      this.#all.push(this.#bytes.subarray(this.#start, this.#end))
      this.#end = this.#start
    }
    this.#text += text
  }

  piece({ start, end }: Place): void {
    if (this.#text !== '') this.#all.push(Buffer.from(this.#text))
    this.#text = ''
    this.#start = start
    this.#end = end
  }

  /** Goes on with the piece before and what stands between them. */
  further({ end }: Place): void {
    this.#end = end
  }

  all(): Buffer[] {
    this.text('')
    if (this.#text !== '') this.#all.push(Buffer.from(this.#text))
    this.#text = ''
    return this.#all
  }
}
