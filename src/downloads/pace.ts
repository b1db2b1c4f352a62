/** Keeps all transfers together below a number of bytes a second. Pure: the clock is an argument. */

/** Bytes that came at once are waited for afterwards; time in which none came is not made up for. */
export class Pace {
  readonly #bytesPerSecond: number
  #freeAt = Number.NEGATIVE_INFINITY

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond
  }

  /** These have come; returns how many milliseconds to wait before the next are read. */
  after(bytes: number, now: number): number {
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.#bytesPerSecond) * 1000
    return this.#freeAt - now
  }
}

/** How much to read at once, so that no wait is longer than a moment. */
export function biteOf(bytesPerSecond: number, most: number): number {
  return Math.max(4096, Math.min(most, Math.floor(bytesPerSecond / 20)))
}
