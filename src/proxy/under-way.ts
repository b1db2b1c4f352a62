/** The requests under way: to look at, to follow, and to end. */
import type { GatewayError } from '../errors.ts'
import type { Departure } from './departure.ts'
import type { LiveCall, Trace } from './trace.ts'

interface Member {
  readonly trace: Trace
  readonly departure: Departure
}

export class UnderWay {
  readonly #members = new Map<string, Member>()
  readonly #watchers = new Set<(id: string) => void>()

  add(member: Member): void {
    this.#members.set(member.trace.id, member)
    this.changed(member.trace.id)
  }

  remove({ id }: Pick<Trace, 'id'>): void {
    this.#members.delete(id)
  }

  /** Costs nothing while nobody watches. */
  changed(id: string): void {
    for (const watcher of this.#watchers) watcher(id)
  }

  /** Calls `watcher` with the id of each request that is new or comes to another phase; the result ends that. */
  watch(watcher: (id: string) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Oldest first. */
  list(): readonly LiveCall[] {
    return [...this.#members.values()].map(({ trace }) => trace.now())
  }

  /** Undefined where it is not under way, or no more. */
  find(id: string): LiveCall | undefined {
    return this.#members.get(id)?.trace.now()
  }

  /** False where it is not under way, or no more. */
  end(id: string, reason: GatewayError): boolean {
    const member = this.#members.get(id)
    member?.departure.leave(reason)
    return member !== undefined
  }

  endAll(reason: GatewayError): void {
    for (const { departure } of this.#members.values()) departure.leave(reason)
  }
}
