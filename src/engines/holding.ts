/** What starts need and people may remove: an engine, the starter model. Held by any number of users at a time, and removed only while
 *  nobody holds it; whoever comes during a removal waits for its end. */
import { GatewayError } from '../errors.ts'
import { untilAborted } from './shared-run.ts'

export class Holding {
  readonly #name: string
  #holders = 0
  #removal: Promise<unknown> | undefined

  /** `name`: what is held, for people. */
  constructor(name: string) {
    this.#name = name
  }

  /** Nobody removes it until the hold is disposed of. Rejects with the signal's reason. */
  async hold(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted()
    while (this.#removal !== undefined) await untilAborted(this.#removal, signal)
    this.#holders += 1
    let held = true
    return {
      [Symbol.dispose]: () => {
        if (held) this.#holders -= 1
        held = false
      },
    }
  }

  /** Throws GatewayError `conflict` where somebody holds it. */
  async remove<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#removal !== undefined) await this.#removal
    if (this.#holders > 0) {
      const message = `${this.#name} is in use, or is being fetched. Stop the servers that need it, then remove it.`
      throw new GatewayError('conflict', message)
    }
    const removing = work()
    this.#removal = Promise.allSettled([removing]).then(() => (this.#removal = undefined))
    return await removing
  }
}
