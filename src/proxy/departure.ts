/** Whether anybody still waits for an answer: the client may leave, its key may be revoked, the gateway may close. */
import type { GatewayError } from '../errors.ts'

export class Departure {
  readonly #leaving = new AbortController()
  #reason: GatewayError | undefined
  #told: ((reason: GatewayError) => void) | undefined

  /** For whoever waits; its reason is a GatewayError. */
  get signal(): AbortSignal {
    return this.#leaving.signal
  }

  /** The generation under way, if any: there is one at a time, and a callback costs a fraction of a listener. */
  tell(told: ((reason: GatewayError) => void) | undefined): void {
    this.#told = told
    if (this.#reason !== undefined) told?.(this.#reason)
  }

  /** The first reason counts. */
  leave(reason: GatewayError): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#leaving.abort(reason)
    this.#told?.(reason)
  }
}

/** Who is under way with which key: one listener a key, however many requests it has open. */
export class Revocations {
  readonly #underWay = new WeakMap<AbortSignal, Set<Departure>>()
  readonly #reason: () => GatewayError

  constructor(reason: () => GatewayError) {
    this.#reason = reason
  }

  watch(revoked: AbortSignal, departure: Departure): void {
    if (revoked.aborted) departure.leave(this.#reason())
    this.#of(revoked).add(departure)
  }

  forget(revoked: AbortSignal, departure: Departure): void {
    this.#of(revoked).delete(departure)
  }

  #of(revoked: AbortSignal): Set<Departure> {
    const known = this.#underWay.get(revoked)
    if (known !== undefined) return known
    const departures = new Set<Departure>()
    this.#underWay.set(revoked, departures)
    revoked.addEventListener('abort', () => departures.forEach((departure) => departure.leave(this.#reason())), {
      once: true,
    })
    return departures
  }
}
