/** Giving up a generation that is under way, and knowing when the server has really stopped. */
import type { Dispatcher } from 'undici'
import type { Lease } from '../scheduler/scheduler.ts'
import type { Line } from './line.ts'

export class HangUp {
  readonly #lease: Pick<Lease, 'lingers'>
  #line: Line | undefined
  #controller: Dispatcher.DispatchController | undefined
  #over = false
  /** Set while we have hung up and the server has not stopped. */
  #stopped: (() => void) | undefined

  constructor(lease: Pick<Lease, 'lingers'>) {
    this.#lease = lease
  }

  /** Before the request is sent. */
  takes(line: Line): void {
    this.#line = line
  }

  begins(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  /** Nobody wants the rest. mlx_lm.server notices that when it next writes, and may generate for minutes without a word: half a character, a
   *  tool call, an answer asked for as a whole. So its half of the connection stays open, and the place is kept, until it says something
   *  or ends. `writesSoon`: it surely does, as between the steps of a prefill. */
  now(reason: Error, writesSoon: boolean): void {
    if (this.#controller === undefined || this.#over) return
    if (this.#line === undefined || writesSoon) {
      this.#controller.abort(reason)
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stopped = resolve
    this.#lease.lingers(promise)
    this.#line.hangUp()
    this.#controller.resume()
  }

  /** The server says something after all. Its words are refused from now on, and that stops it. The connection, of which only half is left,
   *  is not used again. */
  heard(): void {
    if (this.#stopped !== undefined) this.#controller?.abort(new Error('nobody listens any more'))
  }

  /** The answer has ended, or the connection has. */
  ended(): void {
    this.#over = true
    this.#stopped?.()
  }
}
