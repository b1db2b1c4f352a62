/** One download. The only writer of its state: every event goes through `#dispatch`. */
import { GatewayError, messageOf } from '../errors.ts'
import type { HubFile } from '../hub/hub.ts'
import type { DownloadRow, Store } from '../store/store.ts'
import type { Download, DownloadsEvent, FileProgress } from './event.ts'
import { isOver, isUnderWay, step, type DownloadEvent, type DownloadState } from './lifecycle.ts'
import { rateOf, sampled, timeLeft, type Sample } from './meter.ts'
import { createFileNews } from './news.ts'
import type { TransferProgress } from './transfer.ts'

export interface PullParts {
  readonly row: DownloadRow
  readonly files: readonly HubFile[]
  readonly store: Pick<Store['downloads'], 'setState'>
  /** Brings the files to their places; resolves when each has its final name. */
  readonly transfer: (report: (progress: TransferProgress) => void, signal: AbortSignal) => Promise<void>
  /** Throws away what was brought and is of no use without the rest. */
  readonly discard: () => Promise<void>
  readonly announce: (event: DownloadsEvent) => void
  /** It has come to rest: another may have its turn. */
  readonly rested: () => void
  /** Ms since 1970. */
  readonly now: () => number
}

const PROGRESS_EVERY_MS = 500
/** Others read how far it is in the store while no gateway runs, or after one that was killed. */
const NOTED_EVERY_MS = 5_000
const LONGEST_PATIENCE_MS = 5 * 60_000

export class Pull {
  readonly #parts: PullParts
  readonly #totalBytes: number
  readonly #watchers = new Set<() => void>()
  #state: DownloadState
  #updatedAt: number
  #bytes: number
  #files: readonly FileProgress[]
  readonly #news = createFileNews()
  #samples: readonly Sample[] = []
  #told = Number.NEGATIVE_INFINITY
  #noted = Number.NEGATIVE_INFINITY
  /** Of the hub, in a row, without a byte between them. */
  #losses = 0
  #stopping = new AbortController()
  #run: Promise<void> = Promise.resolve()

  /** One that was under way when the gateway ended is queued again. */
  constructor(parts: PullParts) {
    const { row, files } = parts
    this.#parts = parts
    this.#state = stateOf(row)
    this.#updatedAt = row.updatedAt
    this.#bytes = row.bytes
    this.#totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
    const bytesOf = (file: HubFile) => (this.#state.kind === 'complete' ? file.bytes : 0)
    this.#files = files.map((file) => ({ path: file.path, bytes: bytesOf(file), totalBytes: file.bytes }))
  }

  get id(): number {
    return this.#parts.row.id
  }

  get repo(): string {
    return this.#parts.row.repo
  }

  get commit(): string {
    return this.#parts.row.commit
  }

  get files(): readonly HubFile[] {
    return this.#parts.files
  }

  get state(): DownloadState {
    return this.#state
  }

  /** Bytes that have not been written yet. */
  get bytesLeft(): number {
    return this.#totalBytes - this.#bytes
  }

  /** Whether it is time to try a hub again that was lost: after so long at first, and twice as long after each further loss. */
  isDue(firstMs: number): boolean {
    const patience = Math.min(firstMs * 2 ** Math.max(0, this.#losses - 1), LONGEST_PATIENCE_MS)
    return this.#parts.now() >= this.#updatedAt + patience
  }

  /** Whether it brings these files, perhaps among others. */
  isOf(repo: string, commit: string, files: readonly HubFile[]): boolean {
    const { row } = this.#parts
    const paths = new Set(this.#parts.files.map(({ path }) => path))
    return row.repo === repo && row.commit === commit && files.every(({ path }) => paths.has(path))
  }

  snapshot(): Download {
    const { id, repo, revision, commit, createdAt } = this.#parts.row
    const bytesPerSecond = isUnderWay(this.#state) ? rateOf(this.#samples) : undefined
    const totalBytes = this.#totalBytes
    return {
      id,
      repo,
      revision,
      commit,
      createdAt,
      totalBytes,
      bytesPerSecond,
      state: this.#state,
      bytes: this.#bytes,
      leftMs: bytesPerSecond === undefined ? undefined : timeLeft(this.bytesLeft, bytesPerSecond),
      files: this.#files,
      updatedAt: this.#updatedAt,
    }
  }

  /** Its turn has come: does nothing unless it is queued. */
  begin(): void {
    if (this.#state.kind !== 'queued') return
    this.#dispatch({ kind: 'begun' })
    this.#stopping = new AbortController()
    const { signal } = this.#stopping
    // what a pause cut off may still be closing its files
    this.#run = this.#run.then(() => this.#transfer(signal))
  }

  pause(): void {
    const reason = `It was paused by hand; \`mlx-gateway downloads resume ${this.id}\` lets it go on.`
    this.#end({ kind: 'pause', by: 'hand', reason })
  }

  /** Waits for its turn again; does nothing for one that has it. */
  resume(): void {
    this.#dispatch({ kind: 'resume' })
  }

  /** Resolves when what had come was thrown away. */
  async cancel(): Promise<void> {
    if (isOver(this.#state)) return
    this.#end({ kind: 'cancel' })
    const discarded = this.#run.then(() => this.#parts.discard())
    // what goes wrong with it is for whoever cancels, not for whoever closes the gateway
    this.#run = discarded.catch(() => {})
    await discarded
  }

  /** Lets go of the transfer and keeps the state: the next gateway goes on. */
  async close(): Promise<void> {
    this.#stopping.abort(new GatewayError('shutting_down', 'The gateway is shutting down.'))
    await this.#run
    if (isUnderWay(this.#state)) this.#write()
  }

  /** Calls `heard` at every change, at once for the first time; the result ends that. What `heard` throws is told to `broken`, and is
   *  nobody else's trouble. */
  watch(heard: () => void, broken: (thrown: unknown) => void): () => void {
    const tell = (): void => {
      try {
        heard()
      } catch (thrown) {
        broken(thrown)
      }
    }
    this.#watchers.add(tell)
    tell()
    return () => this.#watchers.delete(tell)
  }

  /** Everybody who hears events, and who watches this one. */
  tell(type: 'download.changed' | 'download.progress'): void {
    const files = type === 'download.changed' ? this.#news.changed(this.#files) : this.#news.moved(this.#files)
    this.#parts.announce({ type, download: { ...this.snapshot(), files } })
    for (const tell of this.#watchers) tell()
  }

  #end(event: DownloadEvent): void {
    this.#dispatch(event)
    this.#stopping.abort(new GatewayError('conflict', 'This download was stopped.'))
  }

  async #transfer(signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted()
      await this.#parts.transfer((progress) => this.#hear(progress), signal)
      this.#dispatch({ kind: 'right' })
    } catch (error) {
      // stopped by hand, or with the gateway: its state says so already, or is to be found as it is
      if (!signal.aborted) this.#dispatch(whyStopped(error))
      else if (this.#state.kind === 'paused') this.#tellTheRest()
    } finally {
      this.#samples = []
    }
    if (!isUnderWay(this.#state)) this.#parts.rested()
  }

  /** What came while it was being paused. */
  #tellTheRest(): void {
    this.#write()
    this.tell('download.progress')
  }

  #hear({ phase, bytes, resumed, files }: TransferProgress): void {
    const now = this.#parts.now()
    if (bytes > resumed) this.#losses = 0
    // what had come before is not gone while nobody has looked at it yet
    this.#bytes = files.some(({ state }) => state === 'waiting') ? Math.max(bytes, this.#bytes) : bytes
    this.#files = files.map(({ path, bytes, total }) => ({ path, bytes, totalBytes: total }))
    this.#samples = sampled(this.#samples, { at: now, bytes: bytes - resumed })
    if (phase === 'verifying') this.#dispatch({ kind: 'written' })
    if (now - this.#noted >= NOTED_EVERY_MS) this.#write()
    if (now - this.#told < PROGRESS_EVERY_MS) return
    this.#told = now
    this.tell('download.progress')
  }

  #dispatch(event: DownloadEvent): void {
    const before = this.#state
    this.#state = step(before, event)
    if (this.#state === before) return
    this.#updatedAt = this.#parts.now()
    if (this.#state.kind === 'complete') this.#bytes = this.#totalBytes
    if (this.#state.kind === 'paused' && this.#state.by === 'network') this.#losses += 1
    this.#write()
    this.tell('download.changed')
  }

  /** On a full disk this may fail as well; then the next gateway goes on from the state before, which costs little. */
  #write(): void {
    const { row, store, announce, now } = this.#parts
    this.#noted = now()
    try {
      store.setState(row.id, { ...columnsOf(this.#state), bytes: this.#bytes, updatedAt: this.#updatedAt })
    } catch (error) {
      const message = `The state of the download of ${row.repo} could not be written down: ${messageOf(error)}`
      announce({ type: 'download.trouble', message })
    }
  }
}

/** 1. No space left: goes on when there is some. 2. No network, or a hub that is down: goes on when it answers. 3. Anything else lasts. */
function whyStopped(error: unknown): DownloadEvent {
  const code = error instanceof GatewayError ? error.code : undefined
  const reason = messageOf(error)
  if (code === 'disk_full') return { kind: 'pause', by: 'disk', reason } // 1
  if (code === 'hub_unreachable')
    return { kind: 'pause', by: 'network', reason: `${reason} It is tried again by itself.` } // 2
  return { kind: 'failed', reason, code: code ?? 'internal_error' } // 3
}

function stateOf({ state, pausedBy, reason }: DownloadRow): DownloadState {
  if (state === 'paused') return { kind: state, by: pausedBy ?? 'hand', reason: reason ?? '' }
  if (state === 'running' || state === 'verifying') return { kind: 'queued' }
  return state === 'failed' ? { kind: state, reason: reason ?? '', code: 'server_unavailable' } : { kind: state }
}

function columnsOf(state: DownloadState): Pick<DownloadRow, 'state' | 'pausedBy' | 'reason'> {
  return {
    state: state.kind,
    pausedBy: state.kind === 'paused' ? state.by : null,
    reason: 'reason' in state ? state.reason : null,
  }
}
