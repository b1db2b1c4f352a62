/** A clock turned by hand, and the timers that hang on it. */
import type { Timers } from '../../../src/scheduler/scheduler.ts'

export class HandClock {
  #now = 1_000
  readonly #pending = new Set<{ at: number; run: () => void }>()

  readonly now = (): number => this.#now

  /** Ms since 1970: the hand clock began at noon of some day. */
  readonly wallClock = (): number => this.#now + 1_700_000_000_000

  /** How many timers were ever set. */
  everSet = 0

  readonly timers: Timers = {
    set: (run, ms) => {
      this.everSet += 1
      const timer = { at: this.#now + ms, run }
      this.#pending.add(timer)
      return { [Symbol.dispose]: () => void this.#pending.delete(timer) }
    },
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#pending.size
  }

  /** Turns the clock on, running what falls due on the way, in order. */
  turn(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const due = [...this.#pending].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0]
      if (due === undefined) break
      this.#now = Math.max(this.#now, due.at)
      this.#pending.delete(due)
      due.run()
    }
    this.#now = until
  }
}
