/** An alarm whose moment may move while it is set: it looks again when its timer fires. */

/** Runs `run` once after `ms`, unless disposed of before; `setTimeout` of Node fits. */
export interface Timers {
  set(run: () => void, ms: number): Disposable
}

/** Beyond this, `setTimeout` runs at once. */
export const longestTimer = 2 ** 31 - 1

export interface AlarmParts {
  readonly timers: Timers
  /** Ms on the monotonic clock. */
  readonly now: () => number
  /** Ms until it must ring; undefined: not for now, until set again. */
  readonly left: () => number | undefined
  readonly ring: () => void
}

/** A later moment costs nothing: the timer is left alone and `left` asked again when it fires. So a server's idle time needs no timer
 *  per request, and a request that came at the last moment is seen. */
export class Alarm implements Disposable {
  readonly #parts: AlarmParts
  #timer: Disposable | undefined
  #firesAt = Infinity

  constructor(parts: AlarmParts) {
    this.#parts = parts
  }

  /** To be called when the moment has become known, or earlier than it was. */
  set(): void {
    const { timers, now, left } = this.#parts
    const ms = left()
    if (ms === undefined) return
    const wait = Math.min(Math.max(ms, 0), longestTimer)
    if (this.#firesAt <= now() + wait) return
    this[Symbol.dispose]()
    this.#firesAt = now() + wait
    this.#timer = timers.set(() => this.#fired(), wait)
  }

  #fired(): void {
    this[Symbol.dispose]()
    const left = this.#parts.left()
    if (left !== undefined && left <= 0) this.#parts.ring()
    else this.set()
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    this.#firesAt = Infinity
  }
}
