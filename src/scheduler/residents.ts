/** The servers that hold memory: carries out loads and stops. The only place where a stay begins, changes its phase or ends. */
import { messageOf, GatewayError } from '../errors.ts'
import type { Profile } from '../catalog/catalog.ts'
import type { Target } from '../router/router.ts'
import type { StopReason, Supervisor, SupervisorEvent } from '../supervisor/supervisor.ts'
import { Alarm } from './alarm.ts'
import type { Timers } from './alarm.ts'
import type { SchedulerEvent } from './event.ts'
import { restartIn, unloadIn } from './idle.ts'
import { Stay, type Unloading } from './stay.ts'
import type { Waiter } from './waiter.ts'

interface ResidentsParts {
  readonly supervisor: Pick<Supervisor, 'ensureReady' | 'stop' | 'condemn' | 'suspect'>
  readonly timers: Timers
  /** Ms on the monotonic clock. */
  readonly now: () => number
  readonly announce: (event: SchedulerEvent) => void
  /** Whether its server stays although nobody uses it. */
  readonly pinned: (profile: Profile) => boolean
  /** Ms without a request after which it is unloaded; 0: never. */
  readonly idle: (profile: Profile) => number
  /** Whether anybody waits for this profile. */
  readonly wanted: (profile: string) => boolean
  /** The arrival number of the last request. */
  readonly lastTicket: () => number
  /** Is ready now. */
  readonly loaded: (stay: Stay) => void
  /** What those who wait for this profile hoped for has failed. */
  readonly failed: (profile: string, reason: unknown) => void
  /** Somebody may be able to move. */
  readonly changed: () => void
}

interface Resident {
  readonly stay: Stay
  readonly idle: Alarm
  readonly restart: Alarm
}

export class Residents {
  readonly #parts: ResidentsParts
  readonly #residents = new Map<string, Resident>()
  readonly #life = new AbortController()

  constructor(parts: ResidentsParts) {
    this.#parts = parts
  }

  get(profile: string): Stay | undefined {
    return this.#residents.get(profile)?.stay
  }

  all(): readonly Stay[] {
    return [...this.#residents.values()].map(({ stay }) => stay)
  }

  /** What all of them hold together. */
  get bytes(): number {
    let bytes = 0
    for (const { stay } of this.#residents.values()) bytes += stay.bytes
    return bytes
  }

  /** When it will be unloaded if nobody asks, ms on the monotonic clock; undefined: not for now. */
  unloadAt(stay: Stay): number | undefined {
    const now = this.#parts.now()
    const left = this.#unloadIn(stay, now)
    return left === undefined ? undefined : now + left
  }

  #unloadIn(stay: Stay, now: number): number | undefined {
    if (this.#life.signal.aborted) return undefined
    const unused = stay.phase.kind === 'ready' && stay.closing === undefined && !stay.inUse
    const { pinned } = stay
    return unloadIn(
      { idle: this.#parts.idle(stay.profile), pinned },
      unused ? stay.usedAt : undefined,
      this.#parts.wanted(stay.name),
      now,
    )
  }

  /** Begins a load; it goes on whoever leaves. `first`: who has waited for it longest. */
  load(target: Target, bytes: number, first: Pick<Waiter, 'wants' | 'askedBy'>): void {
    const { timers, now, wanted, pinned, announce } = this.#parts
    const stay = new Stay(target, bytes, now(), pinned)
    const idle = new Alarm({
      timers,
      now,
      left: () => this.#unloadIn(stay, now()),
      ring: () => this.stop(stay, 'idle'),
    })
    const restart = new Alarm({
      timers,
      now,
      left: () => (stay.phase.kind === 'ready' ? restartIn(stay, wanted(stay.name), now()) : undefined),
      ring: () => this.stop(stay, 'abandoned'),
    })
    this.#residents.set(stay.name, { stay, idle, restart })
    const [why, askedBy] = [first.wants === 'place' ? 'request' : 'wish', first.askedBy] as const
    announce({ type: 'profile.loading', profile: stay.name, reservedBytes: bytes, for: why, askedBy })
    void this.#bringUp(stay, target)
  }

  /** To be called whenever somebody may have begun to wait for a straggler's place. */
  watchStragglers(): void {
    if (this.#life.signal.aborted) return
    for (const { stay, restart } of this.#residents.values()) if (stay.stragglingSince !== undefined) restart.set()
  }

  async #bringUp(stay: Stay, target: Target): Promise<void> {
    let server
    try {
      server = await this.#parts.supervisor.ensureReady(target, this.#life.signal)
    } catch (reason) {
      if (stay.phase.kind !== 'loading') return
      this.#parts.failed(stay.name, reason)
      this.#gone(stay)
      return
    }
    if (stay.phase.kind !== 'loading') return
    if (stay.phase.lost) {
      this.#gone(stay)
      return
    }
    stay.loaded(server, this.#parts.now(), this.#parts.lastTicket())
    this.unused(stay)
    this.#parts.loaded(stay)
    this.#parts.changed()
  }

  /** Its last request has ended. */
  unused(stay: Stay): void {
    this.#residents.get(stay.name)?.idle.set()
  }

  /** `makesRoomFor`: the profile whose requests wait for that. */
  stop(stay: Stay, reason: StopReason, makesRoomFor?: string): void {
    const unloading = unloadingOf(stay, reason, makesRoomFor)
    void this.#leave(stay, unloading, makesRoomFor, () => this.#parts.supervisor.stop(stay.name, reason))
  }

  /** It makes no progress: ends it, unless it has ended and another one serves its profile now. */
  condemn(stay: Stay, reason: string): void {
    if (this.get(stay.name) !== stay || stay.phase.kind !== 'ready') return
    void this.#leave(stay, undefined, undefined, () => this.#parts.supervisor.condemn(stay.name, reason))
  }

  /** It broke off an answer: has it examined, unless it has ended and another one serves its profile now. */
  async suspect(stay: Stay, reason: string): Promise<void> {
    if (this.get(stay.name) !== stay || stay.phase.kind !== 'ready') return
    try {
      await this.#parts.supervisor.suspect(stay.name, reason)
    } catch (failure) {
      const message = `The server of "${stay.name}" could not be examined: ${messageOf(failure)}`
      this.#parts.announce({ type: 'scheduler.trouble', message })
    }
  }

  async #leave(
    stay: Stay,
    unloading: Unloading | undefined,
    makesRoomFor: string | undefined,
    go: () => Promise<void>,
  ): Promise<void> {
    stay.enter({ kind: 'leaving', since: this.#parts.now(), unloading })
    try {
      await go()
    } catch (failure) {
      this.#stuck(stay, makesRoomFor, failure)
      return
    }
    this.#gone(stay)
  }

  /** What it holds is not free, so it stays in the books, and those who counted on it are told rather than left waiting. */
  #stuck(stay: Stay, makesRoomFor: string | undefined, failure: unknown): void {
    if (this.get(stay.name) !== stay) return
    stay.enter({ kind: 'stuck' })
    const message = `The server of "${stay.name}" could not be stopped: ${messageOf(failure)}`
    const reason = new GatewayError('server_failed', message, { cause: failure })
    this.#parts.announce({ type: 'scheduler.trouble', message })
    this.#parts.failed(stay.name, reason)
    if (makesRoomFor !== undefined && this.get(makesRoomFor) === undefined) this.#parts.failed(makesRoomFor, reason)
    stay.ended(reason)
    this.#parts.changed()
  }

  #gone(stay: Stay): void {
    const resident = this.#residents.get(stay.name)
    if (resident?.stay !== stay) return
    resident.idle[Symbol.dispose]()
    resident.restart[Symbol.dispose]()
    this.#residents.delete(stay.name)
    this.#tellOf(stay)
    stay.ended()
    this.#parts.changed()
  }

  #tellOf({ name: profile, phase, usedAt, bytes, measuredBytes: freedBytes }: Stay): void {
    if (phase.kind !== 'leaving' || phase.unloading === undefined) return
    const { since, unloading } = phase
    const facts = { profile, idleMs: since - usedAt, freedBytes, ms: this.#parts.now() - since }
    if (unloading.type === 'profile.unloaded') this.#parts.announce({ ...unloading, ...facts })
    else this.#parts.announce({ ...unloading, ...facts, reservedBytes: bytes })
  }

  /** Learns from the supervisor what happens to servers without having been asked for, and what they hold. */
  onServerEvent(event: SupervisorEvent): void {
    if (event.type === 'supervisor.trouble') return
    const stay = this.get(event.profile)
    if (stay === undefined) return
    switch (event.type) {
      case 'server.starting':
      case 'server.ready':
        if (stay.phase.kind === 'loading') stay.enter({ ...stay.phase, lost: false })
        break
      case 'server.progress':
        if (stay.phase.kind === 'loading') stay.enter({ ...stay.phase, progress: event.progress })
        break
      case 'server.measured':
        // what a load takes for a moment is no measure of what is then held
        if (stay.phase.kind === 'ready') stay.measure(event.memoryBytes)
        break
      case 'server.stopping':
        if (stay.phase.kind === 'ready') stay.enter({ kind: 'leaving', since: this.#parts.now(), unloading: undefined })
        break
      case 'server.stopped':
      case 'server.failed':
        this.#ended(stay)
        break
      case 'server.reaped':
        break
    }
    this.#parts.changed()
  }

  #ended(stay: Stay): void {
    switch (stay.phase.kind) {
      case 'loading':
        stay.enter({ ...stay.phase, lost: true })
        break
      case 'ready':
      case 'leaving':
      case 'stuck':
        this.#gone(stay)
        break
    }
  }

  /** Loads are no longer waited for, and nobody is unloaded any more. */
  close(reason: Error): void {
    this.#life.abort(reason)
    for (const { idle, restart } of this.#residents.values()) {
      idle[Symbol.dispose]()
      restart[Symbol.dispose]()
    }
  }
}

/** A server that could not be stopped leaves for its own successor: nobody is unloaded by that. */
function unloadingOf({ name }: Stay, reason: StopReason, makesRoomFor: string | undefined): Unloading | undefined {
  if (reason === 'idle') return { type: 'profile.unloaded' }
  return reason === 'evicted' && name !== makesRoomFor ? { type: 'profile.evicted', for: makesRoomFor } : undefined
}
