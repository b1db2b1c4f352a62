/** Which bytes of a file have come: it is fetched in parts, each written from its start on, several at once. No I/O.
 *
 *      part 0          part 1          part 2          part 3
 *  ├───────────────┼───────────────┼───────────────┼────────┤
 *  ███████████████████████░░░░░░░░░████░░░░░░░░░░░░░░░░░░░░░░
 *                         ▲ front   ▲ position of the segment that holds parts 2 and 3
 *
 *  The front is where the first gap begins: what lies before it can be hashed.
 */

export const PART_BYTES = 16 * 1024 ** 2
/** A request fetches several parts, so that a hub that counts requests is asked for few; fewer towards the end, so that
 *  nobody is left with much to do when the others are done. */
const MOST_PARTS = 8

/** Parts `from` to before `to`, taken by one request. */
export interface Span {
  readonly from: number
  readonly to: number
}

export class Parts {
  readonly bytes: number
  readonly count: number
  readonly #written: Uint32Array
  readonly #taken: Uint8Array
  #whole = 0
  #bytesWritten = 0

  constructor(bytes: number) {
    this.bytes = bytes
    this.count = Math.ceil(bytes / PART_BYTES)
    this.#written = new Uint32Array(this.count)
    this.#taken = new Uint8Array(this.count)
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }

  get complete(): boolean {
    return this.#bytesWritten === this.bytes
  }

  get front(): number {
    while (this.#whole < this.count && this.written(this.#whole) === this.lengthOf(this.#whole)) this.#whole += 1
    return this.#whole === this.count ? this.bytes : this.#whole * PART_BYTES + this.written(this.#whole)
  }

  lengthOf(part: number): number {
    return Math.min(PART_BYTES, this.bytes - part * PART_BYTES)
  }

  written(part: number): number {
    return this.#written[part] ?? 0
  }

  setWritten(part: number, bytes: number): void {
    this.#bytesWritten += bytes - this.written(part)
    this.#written[part] = bytes
  }

  /** Nothing has come; what is taken stays taken. */
  clear(): void {
    this.#written.fill(0)
    this.#whole = 0
    this.#bytesWritten = 0
  }

  /** The next parts that nobody fetches, side by side, none of them begun but the first: a fair share for one of so many. */
  take(sharers: number): Span | undefined {
    const from = this.#firstFree()
    if (from < 0) return undefined
    const most = Math.min(MOST_PARTS, Math.max(1, Math.floor(this.#left() / (2 * sharers))))
    let to = from + 1
    while (to < this.count && to - from < most && this.#isFree(to) && this.written(to) === 0) to += 1
    this.#taken.fill(1, from, to)
    return { from, to }
  }

  /** All of them, whoever has some. */
  takeAll(): Span {
    this.#taken.fill(1)
    return { from: 0, to: this.count }
  }

  giveBack({ from, to }: Span): void {
    this.#taken.fill(0, from, to)
  }

  /** Where the span goes on: its first byte that has not come; its end where all have. */
  position({ from, to }: Span): number {
    let part = from
    while (part < to && this.written(part) === this.lengthOf(part)) part += 1
    return part === to ? this.endOf({ from, to }) : part * PART_BYTES + this.written(part)
  }

  /** The first byte after it. */
  endOf({ to }: Span): number {
    return Math.min(this.bytes, to * PART_BYTES)
  }

  #isFree(part: number): boolean {
    return this.#taken[part] === 0 && this.written(part) < this.lengthOf(part)
  }

  #firstFree(): number {
    for (let part = this.#whole; part < this.count; part += 1) if (this.#isFree(part)) return part
    return -1
  }

  #left(): number {
    let free = 0
    for (let part = this.#whole; part < this.count; part += 1) if (this.#isFree(part)) free += 1
    return free
  }
}
