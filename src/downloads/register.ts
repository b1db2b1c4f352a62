/** The downloads there are: as the store has them from the start, and those that are added; found by number or name, and forgotten. */
import type { Settings } from '../config/config.ts'
import type { Hub, HubFile } from '../hub/hub.ts'
import type { DownloadRow, Store } from '../store/store.ts'
import type { DownloadsEvent } from './event.ts'
import { isOver } from './lifecycle.ts'
import { findNamed } from './named.ts'
import { Pull } from './pull.ts'
import { discardPartials, type Transfers } from './transfer.ts'

export interface Register {
  /** Oldest first. */
  all(): readonly Pull[]
  /** By its number or its model's name; throws as `findNamed`. */
  find(given: string): Pull
  add(row: Omit<DownloadRow, 'id' | 'files'>, files: readonly HubFile[]): Pull
  forget(pull: Pull): void
}

export interface RegisterParts {
  readonly hub: Pick<Hub, 'access'>
  readonly store: Store['downloads']
  readonly transfers: Pick<Transfers, 'start'>
  readonly mark: string
  /** The Hugging Face cache; throws where it is switched off. */
  readonly cache: () => string
  readonly settings: Pick<Settings['downloads'], 'connections'>
  /** A model has come. */
  readonly arrived: () => Promise<void>
  /** A download has come to rest. */
  readonly rested: () => void
  readonly announce: (event: DownloadsEvent) => void
  readonly now: () => number
}

export function createRegister(parts: RegisterParts): Register {
  const { hub, store, transfers, mark, cache, settings, arrived, rested, announce, now } = parts
  const pulls = new Map<number, Pull>()
  for (const row of store.list()) keep(row, JSON.parse(row.files) as HubFile[])

  function keep(row: DownloadRow, files: readonly HubFile[]): Pull {
    const { repo, revision, commit } = row
    const pull = new Pull({
      row,
      files,
      store,
      async transfer(report, signal) {
        const job = { id: repo, commit, revision, cache: cache(), files, hub: hub.access }
        await transfers.start({ ...job, connections: settings.connections }, report, signal)
        await arrived()
      },
      discard: () => discardPartials(cache(), repo, files, busyBlobs(pull), mark),
      announce,
      rested,
      now,
    })
    pulls.set(row.id, pull)
    return pull
  }

  /** Blobs that other downloads are still after. */
  function busyBlobs(but: Pull): ReadonlySet<string> {
    const others = [...pulls.values()].filter((pull) => pull !== but && !isOver(pull.state))
    return new Set(others.flatMap(({ files }) => files.map(({ blob }) => blob)))
  }

  return {
    all: () => [...pulls.values()],
    find: (given) => findNamed(given, [...pulls.values()]),
    add(row, files) {
      const pull = keep(store.add({ ...row, files: JSON.stringify(files) }), files)
      announce({ type: 'download.changed', download: pull.snapshot() })
      return pull
    },
    forget({ id, repo }) {
      store.remove(id)
      pulls.delete(id)
      announce({ type: 'download.removed', id, repo })
    },
  }
}
