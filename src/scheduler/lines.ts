/** The lines of those who wait, one per profile, oldest first: the only place that adds to them or takes from them. */
import type { Target } from '../router/router.ts'
import { Alarm } from './alarm.ts'
import type { Timers } from './alarm.ts'
import type { Waiter, Waiting } from './waiter.ts'

interface LinesParts {
  readonly timers: Timers
  readonly now: () => number
  /** Ms that this one may still queue; the time of its server's load does not count. */
  readonly patience: (waiter: Waiter) => number
  /** What it is refused with when that is used up. */
  readonly outOfPatience: (waiter: Waiter) => Error
  /** The line of this profile has changed. */
  readonly changed: (profile: string) => void
  /** Somebody has left by themselves, so that others may be able to move. */
  readonly left: () => void
}

interface Place {
  readonly waiter: Waiter
  /** Its deadline and its signal. */
  readonly bonds: DisposableStack
}

export class Lines {
  readonly #parts: LinesParts
  readonly #lines = new Map<string, Place[]>()
  #lastTicket = 0

  constructor(parts: LinesParts) {
    this.#parts = parts
  }

  /** The arrival number of the last who came. */
  get lastTicket(): number {
    return this.#lastTicket
  }

  get empty(): boolean {
    return this.#lines.size === 0
  }

  /** Every profile that is waited for, the arrival number of who came first, and the target of who came last: it knows best how the
   *  profile is to be served now. */
  all(): readonly { readonly profile: string; readonly head: number; readonly target: Target }[] {
    return [...this.#lines].flatMap(([profile, line]) => {
      const [first, last] = [line[0], line.at(-1)]
      return first && last ? [{ profile, head: first.waiter.ticket, target: last.waiter.target }] : []
    })
  }

  length(profile: string): number {
    return this.#lines.get(profile)?.length ?? 0
  }

  head(profile: string): Waiter | undefined {
    return this.#lines.get(profile)?.[0]?.waiter
  }

  newest(profile: string): Waiter | undefined {
    return this.#lines.get(profile)?.at(-1)?.waiter
  }

  join(arrival: Omit<Waiter, 'ticket'>, signal: AbortSignal): void {
    this.#lastTicket += 1
    const waiter: Waiter = { ...arrival, ticket: this.#lastTicket }
    const bonds = new DisposableStack()
    const leave = (): void => this.#leave(waiter, signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    bonds.defer(() => signal.removeEventListener('abort', leave))
    if (waiter.wants === 'place') bonds.use(this.#deadline(waiter))
    const { name } = waiter.target.profile
    const line = this.#lines.get(name)
    if (line === undefined) this.#lines.set(name, [{ waiter, bonds }])
    else line.push({ waiter, bonds })
    this.#parts.changed(name)
  }

  #deadline(waiter: Waiter): Alarm {
    const { timers, now, patience, outOfPatience } = this.#parts
    const alarm = new Alarm({
      timers,
      now,
      left: () => patience(waiter),
      ring: () => this.#leave(waiter, outOfPatience(waiter)),
    })
    alarm.set()
    return alarm
  }

  #leave(waiter: Waiter, reason: unknown): void {
    this.#take(waiter.target.profile.name, (one) => one === waiter)
    waiter.refuse(reason)
    this.#parts.left()
  }

  /** The next of this profile, who now gets a place. */
  shift(profile: string): Waiter | undefined {
    const head = this.head(profile)
    return this.#take(profile, (one) => one === head)[0]
  }

  /** Those who only wished that the server of this profile be loaded. */
  takeWishes(profile: string): readonly Waiter[] {
    return this.#take(profile, ({ wants }) => wants === 'load')
  }

  /** Sends away all who wait for this profile. */
  refuse(profile: string, reason: unknown): void {
    for (const waiter of this.#take(profile, () => true)) waiter.refuse(reason)
  }

  #take(profile: string, which: (waiter: Waiter) => boolean): readonly Waiter[] {
    const taken: Place[] = []
    const staying: Place[] = []
    for (const place of this.#lines.get(profile) ?? []) (which(place.waiter) ? taken : staying).push(place)
    if (taken.length === 0) return []
    if (staying.length === 0) this.#lines.delete(profile)
    else this.#lines.set(profile, staying)
    for (const { bonds } of taken) bonds.dispose()
    this.#parts.changed(profile)
    return taken.map(({ waiter }) => waiter)
  }

  /** Tells everybody who waits what they wait for. One whose own listener fails leaves with that failure. */
  tell(what: (profile: string, position: number) => Waiting): void {
    for (const [profile, line] of this.#lines) {
      for (const [index, { waiter, bonds }] of line.entries()) {
        if (bonds.disposed) continue
        try {
          waiter.tell(what(profile, index + 1))
        } catch (failure) {
          this.#leave(waiter, failure)
        }
      }
    }
  }
}
