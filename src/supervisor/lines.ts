/** Cuts a stream of bytes into lines, in fixed memory whatever comes. */

const lineFeed = 10
const carriageReturn = 13

/** Lines end at a line feed. What a carriage return overwrites (progress bars) is dropped; what is over `cap` bytes is cut. */
export class LineCutter {
  readonly #line: Buffer
  #used = 0
  #cut = false
  #returned = false

  constructor(cap: number) {
    this.#line = Buffer.alloc(cap)
  }

  /** The lines that end within this chunk. */
  push(chunk: Buffer): string[] {
    const lines: string[] = []
    let from = 0
    let feed = chunk.indexOf(lineFeed)
    let back = chunk.indexOf(carriageReturn)
    while (feed >= 0 || back >= 0) {
      const isFeed = feed >= 0 && (back < 0 || feed < back)
      const at = isFeed ? feed : back
      this.#take(chunk.subarray(from, at))
      from = at + 1
      if (isFeed) {
        lines.push(this.#end())
        feed = chunk.indexOf(lineFeed, from)
      } else {
        this.#returned = true
        back = chunk.indexOf(carriageReturn, from)
      }
    }
    this.#take(chunk.subarray(from))
    return lines
  }

  /** What is left without an end, if anything. */
  flush(): string[] {
    return this.#used > 0 ? [this.#end()] : []
  }

  #take(part: Buffer): void {
    if (part.length === 0) return
    if (this.#returned) this.#begin()
    const copied = part.copy(this.#line, this.#used)
    this.#used += copied
    this.#cut ||= copied < part.length
  }

  #end(): string {
    const text = this.#line.toString('utf8', 0, this.#used) + (this.#cut ? '…' : '')
    this.#begin()
    return text
  }

  #begin(): void {
    this.#used = 0
    this.#cut = false
    this.#returned = false
  }
}
