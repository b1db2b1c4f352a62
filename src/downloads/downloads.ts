/** The door of the downloads: models on their way from the hub to the disk. */
import type { Settings } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import type { Hub } from '../hub/hub.ts'
import type { Store } from '../store/store.ts'
import type { Download, DownloadsEvent } from './event.ts'
import { isOver } from './lifecycle.ts'
import { listingOf } from './listing.ts'
import type { Pull } from './pull.ts'
import { createRegister } from './register.ts'
import { createTransfers, type Transfers } from './transfer.ts'
import { createTurns } from './turns.ts'
import { untilOnDisk } from './wait.ts'
import { hasWeights, isNeeded, MOST_FILES } from './wanted.ts'

export { createBring, type Bring } from './bring.ts'
export type { Download, DownloadsEvent, FileProgress } from './event.ts'
export type { DownloadState } from './lifecycle.ts'

export interface Downloads {
  /** The download of this revision: the one that is on its way already, else a new one. One that failed or was paused goes on.
   *  Throws GatewayError `not_found`, `permission_denied`, `hub_unreachable`, `invalid_request`, or `conflict` where the
   *  Hugging Face cache is switched off. */
  pull(repo: string, revision: string, signal: AbortSignal, options?: PullOptions): Promise<Download>
  /** Resolves when the model of a download is on disk; `report` hears of every change meanwhile. The signal ends the waiting, not the
   *  download. Throws GatewayError `not_found`, what went wrong with one that failed, and `server_unavailable` for one that was stopped. */
  wait(id: number, report: (download: Download) => void, signal: AbortSignal): Promise<void>
  /** Both, for somebody who does not know of downloads: one that was paused by hand stays so. */
  fetch(repo: string, revision: string, report: (download: Download) => void, signal: AbortSignal): Promise<void>
  /** Oldest first. */
  list(): readonly Download[]
  /** By its number, or by its model's name. Throws GatewayError `invalid_request`, `not_found`, or `conflict` where several are meant. */
  find(given: string): Download
  /** These throw GatewayError `not_found`, and `conflict` for a download that is over. */
  pause(id: number): Download
  resume(id: number): Download
  /** Throws away what had come. */
  cancel(id: number): Promise<Download>
  /** Forgets one that is over; a model that is on disk stays. One that has failed is given up before that. Throws GatewayError `not_found` or
   *  `conflict`, and as `cancel`. */
  forget(id: number): Promise<void>
  /** Forgets all that are over, and says which; those that have failed can go on and stay. */
  forgetOver(): readonly number[]
  /** Names of the files that a model should have on disk at this commit, as downloads or the hub have it. Throws as `Hub.repository`. */
  listing(repo: string, commit: string, signal: AbortSignal): Promise<ReadonlySet<string>>
  /** The hash of a file on disk, in hexadecimal digits; `read` hears how many bytes of it were read. */
  readonly hash: Transfers['hash']
  /** Gives turns to what is queued, and to what was under way when the last gateway ended. */
  start(): void
  /** Settings have changed: the limit holds at once, and who waits may have a turn. */
  reconsider(): void
  /** Stops the transfers; the next gateway goes on with them. */
  close(): Promise<void>
}

export interface PullOptions {
  /** Names of files to bring beside those that an engine needs. */
  readonly also?: ReadonlySet<string>
}

export interface DownloadsParts {
  readonly hub: Pick<Hub, 'repository' | 'probe' | 'access'>
  readonly store: Store['downloads']
  /** Of this gateway among those that may fill the same cache; the same after each start. */
  readonly mark: string
  /** The Hugging Face cache; undefined where it is switched off. */
  readonly cache: string | undefined
  /** `parallel` and `bandwidth` may change at run time; then `reconsider` is to be called. */
  readonly settings: Settings['downloads']
  /** A model has come. */
  readonly arrived: () => Promise<void>
  /** Bytes free on the disk that holds this path. */
  readonly freeBytes: (path: string) => Promise<number>
  /** Wants of disk and network are looked at so often, in milliseconds. */
  readonly lookAgainMs?: number
  /** Between the attempts of a transfer, at first, in milliseconds. */
  readonly pauseMs?: number | undefined
  readonly announce: (event: DownloadsEvent) => void
  /** Ms since 1970. */
  readonly now: () => number
}

export function createDownloads(parts: DownloadsParts): Downloads {
  const { hub, settings, mark, lookAgainMs = 10_000, pauseMs, announce, now } = parts
  const transfers = createTransfers({ settings, mark, pauseMs, announce })
  const cache = (): string => cacheOf(parts)
  const register = createRegister({ ...parts, cache, transfers, rested: () => turns.turn() })
  const freeBytes = () => parts.freeBytes(cache())
  const turns = createTurns({ pulls: register.all, settings, freeBytes, lookAgainMs, announce })
  let swept = Promise.resolve()

  function stoppable(id: number): Pull {
    const pull = register.find(`${id}`)
    if (!isOver(pull.state)) return pull
    throw new GatewayError('conflict', `Download ${id} is ${pull.state.kind} already.`)
  }

  async function pullOf(repo: string, revision: string, signal: AbortSignal, options: Asked): Promise<Pull> {
    cache()
    const { also = new Set(), byHand } = options
    const { id, commit, gated, files: offered } = await hub.repository(repo, revision, signal)
    const files = offered.filter(({ path }) => isNeeded(path) || also.has(path))
    if (files.length > MOST_FILES) throw tooMany(id, files.length)
    // the hub lists the files of a gated model to anybody, and gives them to few
    if (gated !== false && files[0] !== undefined) await hub.probe({ id, commit, path: files[0].path }, signal)
    const same = register.all().find((pull) => pull.isOf(id, commit, files) && !isOver(pull.state))
    if (same !== undefined) {
      const isHeld = same.state.kind === 'paused' && same.state.by === 'hand' && !byHand
      if (!isHeld) same.resume()
      turns.start()
      return same
    }
    if (!hasWeights(files.map(({ path }) => path))) throw notForMlx(id)
    const at = now()
    const fresh = { bytes: 0, createdAt: at, updatedAt: at, state: 'queued', pausedBy: null, reason: null } as const
    const pull = register.add({ repo: id, revision, commit, ...fresh }, files)
    turns.start()
    return pull
  }

  return {
    async pull(repo, revision, signal, options = {}) {
      const pull = await pullOf(repo, revision, signal, { ...options, byHand: true })
      return pull.snapshot()
    },
    wait: async (id, report, signal) => untilOnDisk(register.find(`${id}`), report, signal),
    async fetch(repo, revision, report, signal) {
      await untilOnDisk(await pullOf(repo, revision, signal, { byHand: false }), report, signal)
    },
    list: () => register.all().map((pull) => pull.snapshot()),
    find: (given) => register.find(given).snapshot(),
    pause(id) {
      const pull = stoppable(id)
      pull.pause()
      turns.turn()
      return pull.snapshot()
    },
    resume(id) {
      const pull = stoppable(id)
      pull.resume()
      turns.turn()
      return pull.snapshot()
    },
    async cancel(id) {
      const pull = stoppable(id)
      await pull.cancel()
      turns.turn()
      return pull.snapshot()
    },
    async forget(id) {
      const pull = register.find(`${id}`)
      if (pull.state.kind === 'failed') await pull.cancel()
      if (isOver(pull.state)) return register.forget(pull)
      const advice = `cancel it first: mlx-gateway downloads cancel ${id}`
      throw new GatewayError('conflict', `Download ${id} is not over; ${advice}`)
    },
    forgetOver() {
      const over = register.all().filter(({ state }) => isOver(state))
      over.forEach(register.forget)
      return over.map(({ id }) => id)
    },
    listing(repo, commit, signal) {
      const brought = register.all().filter(({ state }) => state.kind === 'complete')
      return listingOf({ repo, commit }, brought, hub, signal)
    },
    hash: transfers.hash,
    start() {
      if (parts.cache !== undefined) swept = register.sweep()
      turns.start()
    },
    reconsider() {
      transfers.limit(settings.bandwidth)
      turns.turn()
    },
    async close() {
      turns.close()
      await swept
      await Promise.all(register.all().map((pull) => pull.close()))
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

function tooMany(id: string, files: number): GatewayError {
  return new GatewayError(
    'invalid_request',
    `"${id}" has ${files} files to download, and a model has at most ${MOST_FILES}. Look for a repository that holds one model alone.`,
    { param: 'model' },
  )
}

function notForMlx(id: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `"${id}" holds no model that an MLX server can load: there is no config.json beside model*.safetensors. Look for its MLX version, for example in mlx-community.`,
    { param: 'model' },
  )
}
