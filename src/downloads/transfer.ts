/** Transfers: a model's files, from the hub into the cache. Two threads do the work; this is the gateway's end of them. */
import type { Settings } from '../config/config.ts'
import { messageOf } from '../errors.ts'
import type { HubAccess, HubFile } from '../hub/hub.ts'
import type { DownloadsEvent } from './event.ts'
import { refuseNames } from './file-names.ts'
import { makeFolders, openCache } from './folders.ts'
import { layoutOf, refOf, snapshotOf } from './layout.ts'
import { progressOf, type TransferProgress } from './progress.ts'
import { publish } from './publish.ts'
import { createThreadJobs } from './thread-jobs.ts'

export { discardPartials, hasPartials } from './discard.ts'
export type { TransferProgress } from './progress.ts'

export interface TransferJob {
  readonly hub: HubAccess
  readonly id: string
  readonly commit: string
  /** As it was asked for. */
  readonly revision: string
  /** Where models are kept: the folder of `models--…`. */
  readonly cache: string
  readonly files: readonly HubFile[]
  /** Requests at once. */
  readonly connections: number
}

export interface Transfers {
  /** Resolves when the model is in the cache. A blob is fetched once, whoever wants it at the same time, and not at all where it is there.
   *  Rejects with GatewayError `invalid_request` (a name is refused), `conflict` (something stands in the way in the cache), `not_found`,
   *  `permission_denied`, `hub_unreachable`, `verification_failed`, `disk_full`, `read_only`; or with the signal's reason. What has come is
   *  kept, all its files are closed. `report` is called at most four times a second. */
  start(job: TransferJob, report: (progress: TransferProgress) => void, signal: AbortSignal): Promise<void>
  /** The hash of a file on disk, in hexadecimal digits: what its blob should be called. `read` hears how many bytes of it were read. */
  hash(
    file: Pick<HubFile, 'path' | 'bytes' | 'hash'>,
    read: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<string>
  /** Bytes a second of all transfers together, also of those under way; undefined for no limit. */
  limit(bytesPerSecond: number | undefined): void
  close(): Promise<void>
}

export interface TransfersParts {
  readonly settings: Pick<Settings['downloads'], 'attempts' | 'bandwidth' | 'keepFree' | 'stall'>
  /** Of this gateway among those that may fill the same cache; the same after each start. */
  readonly mark: string
  /** The first pause after a failed attempt, in milliseconds. */
  readonly pauseMs?: number | undefined
  readonly announce: (event: DownloadsEvent) => void
}

/** Starts nothing before it is asked. */
export function createTransfers(parts: TransfersParts): Transfers {
  const { settings, mark, pauseMs = 500, announce } = parts
  const { attempts, bandwidth: bytesPerSecond, keepFree, stall: stallMs } = settings
  const jobs = createThreadJobs({ mark, pauseMs, attempts, bytesPerSecond, keepFree, stallMs }, (why) =>
    announce({ type: 'download.trouble', message: `The downloads stopped: ${messageOf(why)}` }),
  )

  return {
    async start(job, report, signal) {
      signal.throwIfAborted()
      const { hub, id, commit, revision, files, connections } = job
      refuseNames(files)
      refuseIds(job)
      const cache = await openCache(job.cache)
      const layout = layoutOf(cache, id)
      const { blobs, snapshots } = layout
      for (const folder of [blobs, snapshots]) await makeFolders(cache, folder)
      const task = { hub, id, commit, cache, blobs, files, connections }
      await jobs.transfer(task, (news) => report(progressOf(files, news)), signal)
      await publish({ cache, layout, commit, revision, files })
    },
    hash: jobs.hash,
    limit: jobs.limit,
    close: jobs.close,
  }
}

/** Before anything is written. */
function refuseIds({ cache, id, commit, revision }: TransferJob): void {
  const layout = layoutOf(cache, id)
  snapshotOf(layout, commit)
  refOf(layout, revision, commit)
}
