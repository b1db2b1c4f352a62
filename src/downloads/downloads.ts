/** The door of the downloads: models on their way from the hub to the disk. */
import type { Settings } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import type { Hub, HubFile } from '../hub/hub.ts'
import type { DownloadRow, Store } from '../store/store.ts'
import type { Download, DownloadsEvent } from './event.ts'
import { isOver, isUnderWay } from './lifecycle.ts'
import { Pull } from './pull.ts'
import { createTransfers, discardPartials, type Transfers } from './transfer.ts'
import { hasWeights, isNeeded } from './wanted.ts'

export { createBring, type Bring } from './bring.ts'
export type { Download, DownloadsEvent, FileProgress } from './event.ts'
export type { DownloadState } from './lifecycle.ts'

export interface Downloads {
  /** The download of this revision: the one that is on its way already, else a new one. One that failed or was paused goes on.
   *  Throws GatewayError `not_found`, `permission_denied`, `hub_unreachable`, `invalid_request`, or `conflict` where the
   *  Hugging Face cache is switched off. */
  pull(repo: string, revision: string, signal: AbortSignal, options?: PullOptions): Promise<Download>
  /** Resolves when the model of a download is on disk; `report` hears of every change meanwhile. The signal ends the waiting, not the
   *  download. Throws GatewayError `not_found`, and `server_unavailable` for one that failed or was stopped. */
  wait(id: number, report: (download: Download) => void, signal: AbortSignal): Promise<void>
  /** Both, for somebody who does not know of downloads: one that was paused by hand stays so. */
  fetch(repo: string, revision: string, report: (download: Download) => void, signal: AbortSignal): Promise<void>
  /** Oldest first. */
  list(): readonly Download[]
  /** These throw GatewayError `not_found`, and `conflict` for a download that is over. */
  get(id: number): Download
  pause(id: number): Download
  resume(id: number): Download
  /** Throws away what had come. */
  cancel(id: number): Promise<Download>
  /** Forgets one that is over or has failed; what is on disk stays. Throws GatewayError `not_found` or `conflict`. */
  forget(id: number): void
  /** The hash of a file on disk, in hexadecimal digits; `read` hears how many bytes of it were read. */
  readonly hash: Transfers['hash']
  /** Gives turns to what is queued, and to what was under way when the last gateway ended. */
  start(): void
  /** Stops the transfers; the next gateway goes on with them. */
  close(): Promise<void>
}

export interface PullOptions {
  /** Names of files to bring beside those that an engine needs. */
  readonly also?: ReadonlySet<string>
}

export interface DownloadsParts {
  readonly hub: Pick<Hub, 'repository' | 'access'>
  readonly store: Store['downloads']
  /** Of this gateway among those that may fill the same cache; the same after each start. */
  readonly mark: string
  /** The Hugging Face cache; undefined where it is switched off. */
  readonly cache: string | undefined
  readonly settings: Settings['downloads']
  /** A model has come. */
  readonly arrived: () => Promise<void>
  /** Bytes free on the disk that holds this path. */
  readonly freeBytes: (path: string) => Promise<number>
  /** Wants of disk and network are looked at so often, in milliseconds. */
  readonly lookAgainMs?: number
  /** Between the attempts of a transfer, at first, in milliseconds. */
  readonly pauseMs?: number
  readonly announce: (event: DownloadsEvent) => void
  /** Ms since 1970. */
  readonly now: () => number
}
export function createDownloads(parts: DownloadsParts): Downloads {
  const { hub, store, settings, mark, lookAgainMs = 10_000, pauseMs = 500, announce, now } = parts
  const transfers = createTransfers({ settings, mark, pauseMs, announce })
  const pulls = new Map<number, Pull>()
  let looking: NodeJS.Timeout | undefined
  let open = false
  for (const row of store.list()) keep(row, JSON.parse(row.files) as HubFile[])

  function keep(row: DownloadRow, files: readonly HubFile[]): Pull {
    const { repo, revision, commit } = row
    const pull = new Pull({
      row,
      files,
      store,
      async transfer(report, signal) {
        const job = { id: repo, commit, revision, cache: cacheOf(parts), files, hub: hub.access }
        await transfers.start({ ...job, connections: settings.connections }, report, signal)
        await parts.arrived()
      },
      discard: () => discardPartials(cacheOf(parts), repo, files, busyBlobs(pull), mark),
      announce,
      rested: turn,
      now,
    })
    pulls.set(row.id, pull)
    return pull
  }

  /** Blobs that other downloads are still after. */
  function busyBlobs(but: Pull): ReadonlySet<string> {
    const others = [...pulls.values()].filter((pull) => pull !== but && !isOver(pull.state))
    return new Set(others.flatMap((pull) => pull.blobs))
  }

  /** Gives turns to the longest waiting, as many as may run at once. */
  function turn(): void {
    if (!open) return
    const all = [...pulls.values()]
    const free = settings.parallel - all.filter(({ state }) => isUnderWay(state)).length
    const waiting = all.filter(({ state }) => state.kind === 'queued')
    for (const pull of waiting.slice(0, Math.max(0, free))) pull.begin()
    const wants = all.some(({ state }) => state.kind === 'paused' && state.by !== 'hand')
    if (wants) looking ??= setTimeout(() => void lookAgain(), lookAgainMs).unref()
  }

  function start(): void {
    open = true
    turn()
  }

  /** What waited for the network tries again after a while; what waited for the disk, when there is room for all of it. */
  async function lookAgain(): Promise<void> {
    looking = undefined
    for (const pull of pulls.values()) {
      if (pull.state.kind !== 'paused' || pull.state.by === 'hand') continue
      const hasCome = pull.state.by === 'network' ? pull.isDue(lookAgainMs) : await hasRoom(pull)
      if (hasCome) pull.resume()
    }
    turn()
  }

  async function hasRoom(pull: Pull): Promise<boolean> {
    try {
      return (await parts.freeBytes(cacheOf(parts))) >= pull.bytesLeft + settings.keepFree
    } catch (error) {
      announce({ type: 'download.trouble', message: `The free space cannot be read: ${messageOf(error)}` })
      return false
    }
  }

  function known(id: number): Pull {
    const pull = pulls.get(id)
    if (pull === undefined)
      throw new GatewayError('not_found', `There is no download ${id}; see \`mlx-gateway downloads\`.`)
    return pull
  }

  function stoppable(id: number): Pull {
    const pull = known(id)
    if (!isOver(pull.state)) return pull
    throw new GatewayError('conflict', `Download ${id} is ${pull.state.kind} already.`)
  }

  async function pullOf(repo: string, revision: string, signal: AbortSignal, options: Asked): Promise<Pull> {
    cacheOf(parts)
    const { also = new Set(), byHand } = options
    const { id, commit, files: offered } = await hub.repository(repo, revision, signal)
    const files = offered.filter(({ path }) => isNeeded(path) || also.has(path))
    const same = [...pulls.values()].find((pull) => pull.isOf(id, commit, files) && !isOver(pull.state))
    if (same !== undefined) {
      const isHeld = same.state.kind === 'paused' && same.state.by === 'hand' && !byHand
      if (!isHeld && (same.state.kind === 'failed' || same.state.kind === 'paused')) same.resume()
      start()
      return same
    }
    if (!hasWeights(files.map(({ path }) => path))) throw notForMlx(id)
    const at = now()
    const fresh = { bytes: 0, createdAt: at, updatedAt: at, state: 'queued', pausedBy: null, reason: null } as const
    const row = { repo: id, revision, commit, files: JSON.stringify(files), ...fresh }
    const pull = keep(store.add(row), files)
    announce({ type: 'download.changed', download: pull.snapshot() })
    start()
    return pull
  }

  return {
    async pull(repo, revision, signal, options = {}) {
      const pull = await pullOf(repo, revision, signal, { ...options, byHand: true })
      return pull.snapshot()
    },
    wait: async (id, report, signal) => untilOnDisk(known(id), report, signal),
    async fetch(repo, revision, report, signal) {
      await untilOnDisk(await pullOf(repo, revision, signal, { byHand: false }), report, signal)
    },
    list: () => [...pulls.values()].map((pull) => pull.snapshot()),
    get: (id) => known(id).snapshot(),
    pause(id) {
      const pull = stoppable(id)
      pull.pause()
      turn()
      return pull.snapshot()
    },
    resume(id) {
      const pull = stoppable(id)
      pull.resume()
      turn()
      return pull.snapshot()
    },
    async cancel(id) {
      const pull = stoppable(id)
      await pull.cancel()
      turn()
      return pull.snapshot()
    },
    forget(id) {
      const { state, repo } = known(id).snapshot()
      if (!isOver(state) && state.kind !== 'failed')
        throw new GatewayError('conflict', `Download ${id} is not over; cancel it first.`)
      store.remove(id)
      pulls.delete(id)
      announce({ type: 'download.removed', id, repo })
    },
    hash: transfers.hash,
    start,
    async close() {
      open = false
      clearTimeout(looking)
      await Promise.all([...pulls.values()].map((pull) => pull.close()))
      await transfers.close()
    },
  }
}

interface Asked extends PullOptions {
  /** A person asks, who may overrule another's pause. */
  readonly byHand: boolean
}

function cacheOf({ cache }: DownloadsParts): string {
  if (cache !== undefined) return cache
  throw new GatewayError(
    'conflict',
    'Models are kept in the Hugging Face cache, and models.huggingfaceCache switches it off. Set it to true or to a path.',
  )
}

function notForMlx(id: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `"${id}" holds no model that an MLX server can load: there is no config.json beside model*.safetensors. Look for its MLX version, for example in mlx-community.`,
    { param: 'model' },
  )
}

async function untilOnDisk(pull: Pull, report: (download: Download) => void, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const leave = (): void => reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  const stop = pull.watch(() => {
    const download = pull.snapshot()
    report(download)
    if (download.state.kind === 'complete') resolve()
    const why = whyItStays(download)
    if (why !== undefined) reject(new GatewayError('server_unavailable', why))
  })
  try {
    await promise
  } finally {
    stop()
    signal.removeEventListener('abort', leave)
  }
}

/** Undefined for one that goes on, or will by itself. */
function whyItStays({ id, repo, state }: Download): string | undefined {
  switch (state.kind) {
    case 'failed':
      return `The download of ${repo} has failed: ${state.reason}`
    case 'cancelled':
      return `The download of ${repo} was cancelled.`
    case 'paused':
      if (state.by !== 'hand') return undefined
      return `The download of ${repo} was paused by hand; \`mlx-gateway downloads resume ${id}\` lets it go on.`
    default:
      return undefined
  }
}
