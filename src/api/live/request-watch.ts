/** The requests under way as those who watch know them. */
import type { Proxy } from '../../proxy/proxy.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { WatchedEvent } from '../admin/live-shapes.ts'
import { viewLive } from '../admin/request-view.ts'
import type { LiveRequest } from '../admin/request-view.ts'

interface RequestRooms {
  readonly proxy: Pick<Proxy, 'underWay' | 'find'>
  readonly scheduler: Pick<Scheduler, 'estimate'>
}

export class RequestWatch {
  readonly #rooms: RequestRooms
  readonly #tell: (event: WatchedEvent) => void
  /** Those that have changed since they were told of. */
  readonly #changed = new Set<string>()
  /** Tokens as last told, of those that answer. */
  #counts: ReadonlyMap<string, number> = new Map()

  constructor(rooms: RequestRooms, tell: (event: WatchedEvent) => void) {
    this.#rooms = rooms
    this.#tell = tell
  }

  list(): readonly LiveRequest[] {
    return this.#rooms.proxy.underWay().map((call) => viewLive(call, this.#rooms.scheduler))
  }

  /** Called for every request in every phase. */
  changed(id: string): void {
    this.#changed.add(id)
  }

  /** What has ended meanwhile is not told of any more. */
  tellChanged(): void {
    for (const id of this.#changed) {
      const call = this.#rooms.proxy.find(id)
      if (call !== undefined) this.#tell({ type: 'request.changed', request: viewLive(call, this.#rooms.scheduler) })
    }
    this.#changed.clear()
  }

  /** Tells of those that have said more since the last time: counted where they are counted anyway, whenever somebody looks. */
  tellCounts(): void {
    const counts = new Map<string, number>()
    for (const call of this.#rooms.proxy.underWay()) {
      if (call.tokens === null) continue
      counts.set(call.id, call.tokens)
      if (this.#counts.get(call.id) !== call.tokens) this.changed(call.id)
    }
    this.#counts = counts
    this.tellChanged()
  }
}
