/** The servers as those who watch know them. */
import type { ServersView, ServerView } from '../admin/server-view.ts'
import type { WatchedEvent } from '../admin/live-shapes.ts'
import { isOtherServer } from './news.ts'

export class ServerWatch {
  readonly #view: () => ServersView
  readonly #tell: (event: WatchedEvent) => void
  #known: ReadonlyMap<string, ServerView> = new Map()

  constructor(view: () => ServersView, tell: (event: WatchedEvent) => void) {
    this.#view = view
    this.#tell = tell
  }

  /** Tells what has changed since the last look. */
  look(): ServersView {
    const view = this.#view()
    const now = new Map<string, ServerView>()
    for (const server of view.servers) {
      const known = this.#known.get(server.profile)
      const isNews = isOtherServer(known, server)
      now.set(server.profile, isNews || known === undefined ? server : known)
      if (isNews) this.#tell({ type: 'server.changed', server })
    }
    for (const profile of this.#known.keys()) if (!now.has(profile)) this.#tell({ type: 'server.gone', profile })
    this.#known = now
    return view
  }
}
