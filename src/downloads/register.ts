/** The downloads there are: as the store has them from the start, and those that are added; found by number or name, and forgotten. */
import type { Settings } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import type { Hub, HubFile } from '../hub/hub.ts'
import type { DownloadRow, Store } from '../store/store.ts'
import type { DownloadsEvent } from './event.ts'
import { isOver } from './lifecycle.ts'
import { findNamed } from './named.ts'
import { Pull } from './pull.ts'
import { DAMAGED, recordOf } from './record.ts'
import { discardPartials, hasPartials, type Transfers } from './transfer.ts'

export interface Register {
  /** Oldest first. */
  all(): readonly Pull[]
  /** By its number or its model's name; throws as `findNamed`. */
  find(given: string): Pull
  add(row: Omit<DownloadRow, 'id' | 'files'>, files: readonly HubFile[]): Pull
  forget(pull: Pull): void
  /** Throws away what a gateway that was killed has left of downloads that were given up. */
  sweep(): Promise<void>
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
  const discards = new Set<Promise<void>>()
  for (const stored of store.list()) {
    const { row, files } = recordOf(stored)
    keep(row, files)
  }

  function keep(row: DownloadRow, files: readonly HubFile[]): Pull {
    const { repo, revision, commit } = row
    const pull = new Pull({
      row,
      files,
      store,
      async transfer(report, signal) {
        if (files.length === 0) throw new GatewayError('conflict', DAMAGED)
        // what is being thrown away is not to be taken for there
        await Promise.allSettled(discards)
        signal.throwIfAborted()
        const job = { id: repo, commit, revision, cache: cache(), files, hub: hub.access }
        await transfers.start({ ...job, connections: settings.connections }, report, signal)
        await arrived()
      },
      discard: () => discard(pull),
      announce,
      rested,
      now,
    })
    pulls.set(row.id, pull)
    return pull
  }

  async function discard(pull: Pull): Promise<void> {
    const done = discardPartials(cache(), pull.repo, pull.files, busyBlobs(pull), mark)
    discards.add(done)
    await done.finally(() => discards.delete(done))
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
      pull.tell('download.changed')
      return pull
    },
    forget({ id, repo }) {
      store.remove(id)
      pulls.delete(id)
      announce({ type: 'download.removed', id, repo })
    },
    async sweep() {
      for (const pull of [...pulls.values()].filter(({ state }) => state.kind === 'cancelled')) {
        try {
          if (await hasPartials(cache(), pull.repo, pull.files, mark)) await discard(pull)
        } catch (thrown) {
          const message = `What is left of the cancelled download of ${pull.repo} could not be thrown away: ${messageOf(thrown)}`
          announce({ type: 'download.trouble', message })
        }
      }
    },
  }
}
