/** Carries out plans and grants leases: who is resident, who waits. */
import { idleOf } from '../catalog/catalog.ts'
import type { Profile, Served } from '../catalog/catalog.ts'
import type { Settings } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import type { Target } from '../router/router.ts'
import type { Store } from '../store/store.ts'
import type { Supervisor, SupervisorEvent } from '../supervisor/supervisor.ts'
import { longestTimer } from './alarm.ts'
import type { Timers } from './alarm.ts'
import type { SchedulerEvent } from './event.ts'
import { PlaceLease } from './lease.ts'
import type { Lease } from './lease.ts'
import { Limits } from './limits.ts'
import { Lines } from './lines.ts'
import { Outlook } from './outlook.ts'
import { Pins } from './pins.ts'
import { loadStopped, shuttingDown } from './refusal.ts'
import { Residents } from './residents.ts'
import { profileSnapshots } from './snapshot.ts'
import type { SchedulerSnapshot } from './snapshot.ts'
import type { Stay } from './stay.ts'
import { Turns } from './turns.ts'
import { Usual } from './usual.ts'
import { onlyNews } from './waiter.ts'
import type { Waiting } from './waiter.ts'

export type { Timers } from './alarm.ts'
export type { SchedulerEvent } from './event.ts'
export type { Lease } from './lease.ts'
export type { SchedulerSnapshot } from './snapshot.ts'
export type { Waiting } from './waiter.ts'

export interface Scheduler {
  /** A place on a ready server, first come first served. `wait` is called whenever what it waits for changes. `askedBy`: what the key is
   *  called that asks.
   *  Rejects with GatewayError `queue_full`, `queue_timeout`, `insufficient_memory`, `shutting_down`, whatever the supervisor's start
   *  rejects with, or the signal's reason. Leaving the queue costs nobody anything; a load goes on. */
  acquire(
    target: Target,
    signal: AbortSignal,
    wait?: (waiting: Waiting) => void,
    askedBy?: string | null,
  ): Promise<Lease>
  /** Loads without a request (preload, a person's wish). Rejects as `acquire` does, but may wait for as long as its signal allows. */
  start(target: Target, signal: AbortSignal): Promise<void>
  /** Grants no more leases on the present server, waits for those that are out (or ends them with `now`), and stops it. Who asks in the
   *  meantime gets a new server after that; a load is ended at once, and who waits for it is told so. */
  stop(profile: string, options: { readonly now: boolean }): Promise<void>
  /** The profile was changed or removed: its server stops as soon as those who have asked by now are served. */
  retire(profile: string): void
  /** From now on, and after a restart, its server stays, or need not, whatever the profile itself says. Throws GatewayError
   *  `store_unusable`. */
  pin(profile: string, pinned: boolean): void
  /** The profile is no more: what a person said of it is forgotten. Throws GatewayError `store_unusable`. */
  forgetPin(profile: string): void
  /** The profile goes by another name. Throws GatewayError `store_unusable`. */
  movePin(before: string, after: string): void
  /** Whether its server stays. */
  isPinned(profile: Profile): boolean
  /** How long its loads usually take, ms; undefined before the first. */
  usualLoadMs(profile: string): number | undefined
  /** Ms until who is at this position of those who wait for the profile is let in, where that can honestly be told. */
  estimate(profile: string, position: number): number | undefined
  /** To be called with everything the supervisor announces. A budget that has changed is seen at the next event, at the latest when
   *  memory is next measured. */
  onServerEvent(event: SupervisorEvent): void
  /** Settings have changed: budget and idle times are looked at again. */
  reconsider(): void
  snapshot(): SchedulerSnapshot
  /** Refuses newcomers and those who wait, waits up to `drainMs` for the leases that are out. */
  close(drainMs: number): Promise<void>
}

export interface SchedulerParts {
  readonly supervisor: Pick<Supervisor, 'ensureReady' | 'stop' | 'condemn' | 'suspect' | 'servers'>
  /** What a server of this profile is given of the budget, bytes. */
  readonly reservation: (served: Served) => number
  /** What all servers together may hold; may change at run time. */
  readonly budgetBytes: () => number
  /** May change at run time; then `reconsider` is to be called. */
  readonly settings: Settings['scheduling']
  /** What people said of servers. */
  readonly pins: Store['pins']
  readonly announce: (event: SchedulerEvent) => void
  /** Ms on the monotonic clock. */
  readonly now: () => number
  /** Ms since 1970. */
  readonly wallClock: () => number
  readonly timers: Timers
}

export function createScheduler(parts: SchedulerParts): Scheduler {
  return new TurnScheduler(parts)
}

/** After everything that happens, `#pump` asks the queue for the next move until there is none. */
class TurnScheduler implements Scheduler {
  readonly #parts: SchedulerParts
  readonly #lines: Lines
  readonly #residents: Residents
  readonly #limits: Limits
  readonly #turns: Turns
  readonly #outlook: Outlook
  readonly #pins: Pins
  readonly #usual = new Usual()
  /** Profiles whose queue or use has changed since it was last announced. */
  readonly #touched = new Set<string>()
  #leases = 0
  #pumping = false
  #pumpAgain = false
  #closed: Promise<void> | undefined
  #drained: (() => void) | undefined

  constructor(parts: SchedulerParts) {
    this.#parts = parts
    const { supervisor, timers, now, announce } = parts
    this.#pins = new Pins(parts.pins)
    this.#lines = new Lines({
      timers,
      now,
      patience: (waiter) => this.#limits.patience(waiter, now()),
      outOfPatience: (waiter) => this.#limits.outOfPatience(waiter, now()),
      changed: (profile) => this.#touched.add(profile),
      left: () => this.#pump(),
    })
    this.#residents = new Residents({
      supervisor,
      timers,
      now,
      announce,
      pinned: this.isPinned,
      idle: (profile) => idleOf(profile, parts.settings),
      wanted: (profile) => this.#lines.length(profile) > 0,
      lastTicket: () => this.#lines.lastTicket,
      loaded: (stay) => this.#loaded(stay),
      failed: (profile, reason) => this.#lines.refuse(profile, reason),
      changed: () => this.#pump(),
    })
    this.#limits = new Limits(parts.settings, this.#lines, this.#residents, this.#usual)
    const [lines, residents, usual] = [this.#lines, this.#residents, this.#usual]
    this.#turns = new Turns({ ...parts, lines, residents })
    this.#outlook = new Outlook({ residents, lines, turns: this.#turns, usual, now })
  }

  acquire(
    target: Target,
    signal: AbortSignal,
    wait?: (waiting: Waiting) => void,
    askedBy: string | null = null,
  ): Promise<Lease> {
    if (signal.aborted) return Promise.reject(signal.reason)
    if (this.#closed) return Promise.reject(shuttingDown())
    const { name } = target.profile
    const arrived = this.#parts.now()
    const stay = this.#residents.get(name)
    if (this.#lines.empty && stay?.open === true && stay.free > 0) {
      this.#touched.add(name)
      const lease = this.#lease(stay, target, arrived)
      this.#report()
      return Promise.resolve(lease)
    }
    const refusal = this.#limits.refusal(target)
    if (refusal !== undefined) return Promise.reject(refusal)
    const { promise, resolve, reject } = Promise.withResolvers<Lease>()
    const admit = (stay: Stay): void => resolve(this.#lease(stay, target, arrived))
    this.#lines.join({ target, arrived, wants: 'place', askedBy, admit, refuse: reject, tell: onlyNews(wait) }, signal)
    this.#pump()
    return promise
  }

  start(target: Target, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason)
    if (this.#closed) return Promise.reject(shuttingDown())
    if (this.#residents.get(target.profile.name)?.open === true) return Promise.resolve()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const arrived = this.#parts.now()
    this.#lines.join(
      {
        target,
        arrived,
        wants: 'load',
        askedBy: null,
        admit: () => resolve(),
        refuse: reject,
        tell: onlyNews(undefined),
      },
      signal,
    )
    this.#pump()
    return promise
  }

  async stop(profile: string, options: { readonly now: boolean }): Promise<void> {
    const stay = this.#residents.get(profile)
    if (stay === undefined) {
      await this.#parts.supervisor.stop(profile, 'asked')
      return
    }
    const ended = stay.end()
    if (stay.phase.kind === 'loading') this.#lines.refuse(profile, loadStopped(profile))
    if (stay.phase.kind === 'ready' && !options.now) stay.close('asked', -1)
    else if (stay.phase.kind !== 'leaving') this.#residents.stop(stay, 'asked')
    this.#pump()
    await ended
  }

  retire(profile: string): void {
    this.#residents.get(profile)?.close('changed', this.#lines.lastTicket)
    this.#pump()
  }

  pin(profile: string, pinned: boolean): void {
    this.#pins.say(profile, pinned)
    this.#parts.announce({ type: 'profile.pinned', profile, pinned })
    this.#pinsChanged(profile)
  }

  forgetPin(profile: string): void {
    if (this.#pins.forget(profile)) this.#pinsChanged(profile)
  }

  movePin(before: string, after: string): void {
    this.#pins.rename(before, after)
    this.#pinsChanged(after)
  }

  /** One that has been unused for long is unloaded at once. */
  #pinsChanged(profile: string): void {
    const stay = this.#residents.get(profile)
    if (stay !== undefined) this.#residents.unused(stay)
    this.#pump()
  }

  readonly isPinned = (profile: Profile): boolean => this.#pins.holds(profile)

  usualLoadMs(profile: string): number | undefined {
    return this.#usual.loadMs(profile)
  }

  estimate(profile: string, position: number): number | undefined {
    return this.#outlook.estimate(profile, position)
  }

  onServerEvent(event: SupervisorEvent): void {
    if (event.type === 'server.ready') this.#usual.loaded(event.profile, event.loadMs)
    this.#residents.onServerEvent(event)
  }

  reconsider(): void {
    for (const stay of this.#residents.all()) this.#residents.unused(stay)
    this.#pump()
  }

  snapshot(): SchedulerSnapshot {
    const { budgetBytes, wallClock, now } = this.#parts
    const profiles = profileSnapshots(this.#residents, this.#lines, this.isPinned, wallClock() - now())
    return { budgetBytes: budgetBytes(), profiles }
  }

  close(drainMs: number): Promise<void> {
    this.#closed ??= this.#drain(drainMs)
    return this.#closed
  }

  async #drain(drainMs: number): Promise<void> {
    const reason = shuttingDown()
    this.#residents.close(reason)
    for (const { profile } of this.#lines.all()) this.#lines.refuse(profile, reason)
    this.#report()
    if (this.#leases === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#drained = resolve
    using limit = new DisposableStack()
    limit.use(this.#parts.timers.set(resolve, Math.min(drainMs, longestTimer)))
    await promise
  }

  #pump(): void {
    this.#pumpAgain = true
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (this.#pumpAgain) {
        this.#pumpAgain = false
        this.#turns.stopClosing()
        if (this.#closed === undefined) this.#turns.advance()
        this.#residents.watchStragglers()
        this.#report()
      }
    } finally {
      this.#pumping = false
    }
  }

  #loaded(stay: Stay): void {
    for (const wish of this.#lines.takeWishes(stay.name)) wish.admit(stay)
  }

  #lease(stay: Stay, target: Target, arrived: number): Lease {
    const { phase } = stay
    if (phase.kind !== 'ready') {
      throw new GatewayError('internal_error', `"${stay.name}" was granted before it was ready.`)
    }
    const lease = new PlaceLease({
      stay,
      server: phase.server,
      now: this.#parts.now,
      arrived,
      condemned: (stay, reason) => this.#residents.condemn(stay, reason),
      suspected: (stay, reason) => this.#residents.suspect(stay, reason),
      released: (stay, heldMs, afterlife) => this.#released(stay, heldMs, afterlife),
    })
    stay.give(target, this.#parts.now())
    this.#leases += 1
    return lease
  }

  #released(stay: Stay, heldMs: number, afterlife: Promise<unknown> | undefined): void {
    this.#usual.served(stay.name, heldMs)
    stay.takeBack(this.#parts.now())
    if (afterlife !== undefined) void this.#straggle(stay, afterlife)
    this.#leases -= 1
    this.#touched.add(stay.name)
    this.#residents.unused(stay)
    this.#pump()
    if (this.#leases === 0) this.#drained?.()
  }

  /** A client has left and its server goes on: the place is not free, although nobody is served. */
  async #straggle(stay: Stay, afterlife: Promise<unknown>): Promise<void> {
    const straggler = stay.straggles(this.#parts.now())
    await afterlife
    stay.caughtUp(straggler)
    this.#touched.add(stay.name)
    this.#pump()
  }

  /** Tells what has changed: the house, and those who wait. */
  #report(): void {
    for (const profile of this.#touched) {
      this.#touched.delete(profile)
      const active = this.#residents.get(profile)?.active ?? 0
      this.#parts.announce({ type: 'queue.changed', profile, waiting: this.#lines.length(profile), active })
    }
    this.#lines.tell((profile, position) => {
      const phase = this.#residents.get(profile)?.phase
      return phase?.kind === 'loading'
        ? { phase: 'loading', progress: phase.progress }
        : { phase: 'queued', position, behind: this.#turns.inTheWay(profile) }
    })
  }
}
