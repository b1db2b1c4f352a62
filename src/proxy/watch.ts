/** One clock for every request under way: heartbeats and timeouts need no timers of their own. */

export interface Watched {
  /** Called about four times a second, with the monotonic time in milliseconds. */
  tick(now: number): void
}

export class Watch implements Disposable {
  readonly #watched = new Set<Watched>()
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  add(watched: Watched): void {
    this.#watched.add(watched)
    this.#timer ??= setInterval(() => this.tick(), 250).unref()
  }

  remove(watched: Watched): void {
    this.#watched.delete(watched)
    if (this.#watched.size === 0) this[Symbol.dispose]()
  }

  tick(): void {
    const now = this.#now()
    for (const watched of this.#watched) watched.tick(now)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
