/** Whether anybody still waits for an answer: the client may leave, its key may be revoked or expire, the gateway may close. */
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
  readonly #reason: (revoked: AbortSignal) => GatewayError

  constructor(reason: (revoked: AbortSignal) => GatewayError) {
    this.#reason = reason
  }

  watch(revoked: AbortSignal, departure: Departure): void {
    if (revoked.aborted) departure.leave(this.#reason(revoked))
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
    const end = () => departures.forEach((departure) => departure.leave(this.#reason(revoked)))
    revoked.addEventListener('abort', end, { once: true })
    return departures
  }
}
