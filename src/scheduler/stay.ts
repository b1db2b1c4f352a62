/*  One server's stay in memory: what it holds and who holds it.
 *
 *            loaded           leave             exited
 *  loading ─────────▶ ready ────────▶ leaving ────────▶ (gone)
 *     │ leave                            ▲ │ the stop failed
 *     └──────────────────────────────────┘ └──▶ stuck ──leave──▶ leaving
 */
import type { Profile } from '../catalog/catalog.ts'
import type { Target } from '../router/router.ts'
import type { Progress, ReadyServer, StopReason } from '../supervisor/supervisor.ts'
import type { Server } from './queue.ts'

export type Phase =
  /** `lost`: it was said to have ended since it was last said to be starting or ready. */
  | { readonly kind: 'loading'; readonly progress: Progress | undefined; readonly lost: boolean }
  | { readonly kind: 'ready'; readonly server: ReadyServer; readonly since: number }
  /** `unloading`: what there is to tell once it has gone, where it was unused and made to leave. */
  | { readonly kind: 'leaving'; readonly since: number; readonly unloading: Unloading | undefined }
  | { readonly kind: 'stuck' }

export type Unloading =
  | { readonly type: 'profile.evicted'; readonly for: string | undefined }
  | { readonly type: 'profile.unloaded' }

/** A generation that goes on for nobody: its client has left, and its server does not know yet. */
export interface Straggler {
  /** When its client left. */
  readonly since: number
}

/** Times are ms on the monotonic clock. */
export class Stay {
  readonly name: string
  readonly reservedBytes: number
  /** When its load began. */
  readonly since: number
  /** When it last delivered anything, or was taken into use. */
  lastProgress: number
  #profile: Profile
  #phase: Phase = { kind: 'loading', progress: undefined, lost: false }
  readonly #isPinned: (profile: Profile) => boolean
  #measuredBytes: number | undefined
  #served = 0
  readonly #stragglers = new Set<Straggler>()
  #usedAt: number
  #turn = -1
  #closing: StopReason | undefined
  readonly #watchers: ((failure: Error | undefined) => void)[] = []

  constructor(target: Target, reservedBytes: number, now: number, isPinned: (profile: Profile) => boolean) {
    this.name = target.profile.name
    this.#profile = target.profile
    this.reservedBytes = reservedBytes
    this.#isPinned = isPinned
    this.since = now
    this.lastProgress = now
    this.#usedAt = now
  }

  get phase(): Phase {
    return this.#phase
  }

  /** Its settings, as the last request let in knew them. */
  get profile(): Profile {
    return this.#profile
  }

  get bytes(): number {
    return Math.max(this.reservedBytes, this.#measuredBytes ?? 0)
  }

  /** What it was last measured to hold. */
  get measuredBytes(): number | undefined {
    return this.#measuredBytes
  }

  /** Never made to leave for being unused. */
  get pinned(): boolean {
    return this.#isPinned(this.#profile)
  }

  /** Places on it that are taken: by requests that it serves, and by stragglers. */
  get active(): number {
    return this.#served + this.#stragglers.size
  }

  /** Whether it serves anybody. Stragglers are nobody: no answer is lost where they are cut off. */
  get inUse(): boolean {
    return this.#served > 0
  }

  /** Since when the oldest straggler has taken a place. */
  get stragglingSince(): number | undefined {
    const [oldest] = this.#stragglers
    return oldest?.since
  }

  /** Why it takes no newcomers and stops once its turn is served. */
  get closing(): StopReason | undefined {
    return this.#closing
  }

  /** A request was last let in, or, while none is, the last one ended. */
  get usedAt(): number {
    return this.#usedAt
  }

  /** Requests it could take right now. */
  get free(): number {
    return this.#phase.kind === 'ready' ? Math.max(0, this.#profile.concurrency - this.active) : 0
  }

  /** Ready for anybody who comes. */
  get open(): boolean {
    return this.#phase.kind === 'ready' && this.#closing === undefined
  }

  /** As the queue sees it. `head`: arrival number of the oldest request that waits for it. */
  seen(head: number | undefined): Server {
    const waiting = head !== undefined && head <= this.#turn
    return {
      profile: this.name,
      bytes: this.bytes,
      state: this.#stateSeen(waiting),
      pinned: this.pinned && this.#closing === undefined && this.#phase.kind !== 'stuck',
      lastUsed: this.#usedAt,
      waiting,
      door: this.#phase.kind === 'stuck' ? 'stuck' : this.#closing === undefined ? 'open' : 'closing',
      free: this.free,
      turn: this.#turn,
    }
  }

  #stateSeen(waiting: boolean): Server['state'] {
    switch (this.#phase.kind) {
      case 'loading':
      case 'leaving':
        return this.#phase.kind
      case 'ready':
        return this.inUse || waiting ? 'busy' : 'idle'
      case 'stuck':
        return 'idle'
    }
  }

  /** Moves on in its life; the only place where the phase changes. */
  enter(phase: Phase): void {
    this.#phase = phase
  }

  /** Those who have arrived by now (up to this arrival number) are served before it makes room for anybody. */
  loaded(server: ReadyServer, now: number, lastArrival: number): void {
    this.enter({ kind: 'ready', server, since: now })
    this.#usedAt = now
    if (this.#closing === undefined) this.#turn = lastArrival
  }

  /** Takes no newcomers any more, only those up to this arrival number. */
  close(reason: StopReason, lastArrival: number): void {
    this.#closing = reason
    this.#turn = lastArrival
  }

  give(target: Target, now: number): void {
    if (!this.inUse) this.lastProgress = now
    this.#served += 1
    this.#usedAt = now
    this.#profile = target.profile
  }

  takeBack(now: number): void {
    this.#served -= 1
    if (!this.inUse) this.#usedAt = now
  }

  /** Its place stays taken until `caughtUp`. */
  straggles(now: number): Straggler {
    const straggler = { since: now }
    this.#stragglers.add(straggler)
    return straggler
  }

  caughtUp(straggler: Straggler): void {
    this.#stragglers.delete(straggler)
  }

  measure(bytes: number): void {
    this.#measuredBytes = bytes
  }

  /** Resolves when it has gone; rejects with the reason why it could not be stopped. */
  end(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#watchers.push((failure) => (failure === undefined ? resolve() : reject(failure)))
    })
  }

  /** Answers those who wait for its end. */
  ended(failure?: Error): void {
    for (const answer of this.#watchers.splice(0)) answer(failure)
  }
}
