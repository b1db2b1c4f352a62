/** Keeps all transfers together below a number of bytes a second, which may change meanwhile. Pure: the clock is an argument. */

export class Pace {
  /** Undefined for no limit. */
  bytesPerSecond: number | undefined
  #freeAt = Number.NEGATIVE_INFINITY

  constructor(bytesPerSecond: number | undefined) {
    this.bytesPerSecond = bytesPerSecond
  }

  /** These have come; returns how many milliseconds to wait before the next are read. Bytes that came at once are waited for afterwards;
   *  time in which none came is not made up for. */
  after(bytes: number, now: number): number {
    if (this.bytesPerSecond === undefined) return 0
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.bytesPerSecond) * 1000
    return this.#freeAt - now
  }

  /** How much to read at once, so that no wait is longer than a moment. */
  bite(most: number): number {
    return Math.max(4096, Math.min(most, Math.floor((this.bytesPerSecond ?? Infinity) / 20)))
  }
}
