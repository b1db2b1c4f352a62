/** How many may wait, for how long, and when the others should come back. */
import type { Settings } from '../config/config.ts'
import type { Target } from '../router/router.ts'
import { loadTime } from './lease.ts'
import type { Lines } from './lines.ts'
import { mayJoin, retryAfter } from './queue.ts'
import type { Crowd } from './queue.ts'
import { queueFull, queueTimeout } from './refusal.ts'
import type { Residents } from './residents.ts'
import type { Usual } from './usual.ts'
import type { Waiter } from './waiter.ts'

export class Limits {
  readonly #settings: Settings['scheduling']
  readonly #lines: Lines
  readonly #residents: Residents
  readonly #usual: Usual

  constructor(settings: Settings['scheduling'], lines: Lines, residents: Residents, usual: Usual) {
    this.#settings = settings
    this.#lines = lines
    this.#residents = residents
    this.#usual = usual
  }

  /** Why one more request for this target may not wait; undefined where it may. */
  refusal(target: Target): Error | undefined {
    const { name } = target.profile
    const others = this.#lines.all().filter((line) => line.profile !== name)
    const crowds = others.map((line) => this.#crowd(line.target))
    if (mayJoin(this.#crowd(target), crowds, this.#settings)) return undefined
    const waiting = this.#lines.length(name)
    return queueFull(name, waiting, this.#retryAfter(target, waiting))
  }

  #crowd({ profile }: Target): Crowd {
    const stay = this.#residents.get(profile.name)
    return { waiting: this.#lines.length(profile.name), places: stay?.open === true ? stay.free : profile.concurrency }
  }

  /** Ms that it may still queue; the time of its server's load does not count. */
  patience(waiter: Waiter, now: number): number {
    return this.#settings.queueTimeout - this.#queuedMs(waiter, now)
  }

  outOfPatience(waiter: Waiter, now: number): Error {
    const { name } = waiter.target.profile
    const retryAfterMs = this.#retryAfter(waiter.target, this.#lines.length(name))
    return queueTimeout(name, this.#queuedMs(waiter, now), retryAfterMs)
  }

  #queuedMs({ target, arrived }: Waiter, now: number): number {
    const stay = this.#residents.get(target.profile.name)
    return now - arrived - (stay === undefined ? 0 : loadTime(stay, arrived, now))
  }

  #retryAfter({ profile }: Target, ahead: number): number {
    return retryAfter(this.#usual.serviceMs(profile.name), ahead, profile.concurrency)
  }
}
