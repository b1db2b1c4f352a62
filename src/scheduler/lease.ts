/** A request's hold on a ready server. */
import type { ReadyServer } from '../supervisor/supervisor.ts'
import type { Stay } from './stay.ts'

export interface Lease extends Disposable {
  readonly server: ReadyServer
  /** Waited for a place, without the load, ms. */
  readonly queueMs: number
  /** Waited while the server was loading, ms. */
  readonly loadMs: number
  /** The server has delivered something: it is alive. Cheap; called per chunk. */
  progressed(): void
  /** When the server last delivered anything to anybody, or was taken into use after having been idle, whichever is later; ms on the
   *  monotonic clock. */
  lastProgress(): number
  /** The server delivers nothing to anybody: end it. */
  condemn(reason: string): void
  /** The server broke off an answer: resolves when it has been examined, and is being ended if it is dead. Never rejects. */
  suspect(reason: string): Promise<void>
  /** What was asked for goes on at the server until then, though nobody waits for it any more: its place is not free before. */
  lingers(until: Promise<unknown>): void
  /** Gives the place back, as soon as nothing lingers on it; safe to call twice. */
  release(): void
}

interface LeaseParts {
  readonly stay: Stay
  readonly server: ReadyServer
  readonly now: () => number
  /** When its request arrived; ms on the monotonic clock. */
  readonly arrived: number
  readonly condemned: (stay: Stay, reason: string) => void
  readonly suspected: (stay: Stay, reason: string) => Promise<void>
  /** `afterlife`: until when something lingers on its place; undefined: nothing does. */
  readonly released: (stay: Stay, heldMs: number, afterlife: Promise<unknown> | undefined) => void
}

/** Takes a place on the server for one request, until released. */
export class PlaceLease implements Lease {
  readonly server: ReadyServer
  readonly queueMs: number
  readonly loadMs: number
  readonly #parts: LeaseParts
  readonly #granted: number
  #lingering: readonly Promise<unknown>[] = []
  #released = false

  constructor(parts: LeaseParts) {
    this.#parts = parts
    this.#granted = parts.now()
    this.server = parts.server
    this.loadMs = loadTime(parts.stay, parts.arrived, this.#granted)
    this.queueMs = this.#granted - parts.arrived - this.loadMs
  }

  progressed(): void {
    this.#parts.stay.lastProgress = this.#parts.now()
  }

  lastProgress(): number {
    return this.#parts.stay.lastProgress
  }

  condemn(reason: string): void {
    this.#parts.condemned(this.#parts.stay, reason)
  }

  suspect(reason: string): Promise<void> {
    return this.#parts.suspected(this.#parts.stay, reason)
  }

  lingers(until: Promise<unknown>): void {
    this.#lingering = [...this.#lingering, until]
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    const { stay, now, released } = this.#parts
    const afterlife = this.#lingering.length === 0 ? undefined : Promise.allSettled(this.#lingering)
    released(stay, now() - this.#granted, afterlife)
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

/** How much of the time since `arrived` this server has been loading, ms. */
export function loadTime({ since, phase }: Stay, arrived: number, now: number): number {
  const until = phase.kind === 'ready' ? phase.since : now
  return phase.kind === 'ready' || phase.kind === 'loading' ? Math.max(0, until - Math.max(since, arrived)) : 0
}
