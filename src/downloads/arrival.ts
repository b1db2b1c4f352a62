/*  A blob on its way: one for each, whoever wants it. The only writer of its state, its parts and its partial file.
 *
 *  waiting ──look──▶ there ◀───────────── right ───┐
 *     │                                            │
 *     └───▶ running ───── all written ─────▶ verifying
 *            │   ▲                            │    │
 *            │   └──── from 0 ◀──── wrong ────┘    │
 *            │ what lasts                          │ wrong for the third time
 *            └────────────────▶ failed ◀───────────┘
 *
 *  When nobody waits for it any more it is left, in whatever state; what has come stays on disk, as when it failed.
 *  A segment is a range of it that one request fetches; it is over when it is given back, or when the file begins anew.
 */
import { rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { GatewayError } from '../errors.ts'
import type { HubFile } from '../hub/hub.ts'
import { diskTrouble } from './disk.ts'
import type { BlobPlace } from './layout.ts'
import type { FileNews, FileState } from './messages.ts'
import { Partial } from './partial.ts'
import { Parts, type Span } from './parts.ts'
import { isPresent } from './present.ts'

/** How the arrival is heard of by the one who hashes: see `HashOrder`. */
export interface Follower {
  follow(): void
  reach(upTo: number): void
  again(): void
  drop(): void
}

export interface ArrivalParts {
  readonly file: HubFile
  readonly place: BlobPlace
  /** The cache's real path. */
  readonly cache: string
  readonly follower: Follower
  /** Called before bytes are written; throws where the disk has no room left for them. */
  readonly room: (bytes: number) => void
  /** There may be something to take, or it is over. */
  readonly changed: () => void
}

export interface Segment {
  readonly span: Span
  /** The whole file, from a host that knows no ranges. */
  readonly isWhole: boolean
  /** Aborts when it is over. */
  readonly over: AbortController
}

/** How far ahead of the hash the bytes may be before it hears of them. */
const TELL_EVERY = 16 * 1024 ** 2
const MOST_WRONG = 2

export class Arrival {
  readonly file: HubFile
  readonly #parts: ArrivalParts
  readonly #came: Parts
  readonly #segments = new Set<Segment>()
  readonly #settled = Promise.withResolvers<void>()
  #look: Promise<void> | undefined
  #state: FileState | 'failed' | 'left' = 'waiting'
  #partial: Partial | undefined
  #resumed = 0
  #told = 0
  #wrong = 0
  #hasRanges = true
  #etag: string | undefined

  constructor(parts: ArrivalParts) {
    this.#parts = parts
    this.file = parts.file
    this.#came = new Parts(parts.file.bytes)
    this.#settled.promise.catch(() => {}) // told to all who wait, if any do
  }

  /** Resolves when the blob has its final name. */
  get settled(): Promise<void> {
    return this.#settled.promise
  }

  get isOver(): boolean {
    return this.#state === 'there' || this.#state === 'failed' || this.#state === 'left'
  }

  get news(): FileNews {
    if (this.#state === 'there') return { state: 'there', bytes: this.file.bytes, resumed: this.#resumed }
    const bytes = this.#came.bytesWritten
    if (this.#state === 'waiting') return { state: 'waiting', bytes, resumed: bytes }
    const state = this.#state === 'running' || this.#state === 'verifying' ? this.#state : 'waiting'
    return { state, bytes, resumed: this.#resumed }
  }

  get etag(): string | undefined {
    return this.#etag
  }

  /** Bytes of it come, or wait for somebody to fetch them: its files are open. */
  get isRunning(): boolean {
    return this.#state === 'running'
  }

  /** Finds out what is there already, once, whoever asks. */
  look(): Promise<void> {
    this.#look ??= this.#find()
    return this.#look
  }

  async #find(): Promise<void> {
    const { place, cache, follower } = this.#parts
    if (this.isOver) return
    try {
      if (isPresent(place.final, this.file.bytes, cache)) return this.#arrive(this.file.bytes)
      const partial = new Partial(place, this.file, this.#came)
      this.#partial = partial
      await partial.recover(async () => {
        await nextTurn()
        if (this.isOver) throw noLonger()
      })
      this.#resumed = this.#came.bytesWritten
      this.#state = 'running'
      follower.follow()
      this.#advance()
      this.#parts.changed()
    } catch (thrown) {
      this.fail(diskTrouble(thrown, place.partial))
    }
  }

  /** Something to fetch, for one of so many; undefined while there is nothing. */
  take(sharers: number): Segment | undefined {
    if (this.#state !== 'running') return undefined
    if (!this.#hasRanges) return this.#segments.size > 0 ? undefined : this.#begin(this.#came.takeAll())
    const span = this.#came.take(sharers)
    return span && this.#begin(span)
  }

  giveBack(segment: Segment): void {
    if (!this.#segments.delete(segment)) return
    this.#came.giveBack(segment.span)
    this.#parts.changed()
  }

  /** The first byte of the segment that has not come; its end where all have. */
  position({ span }: Segment): number {
    return this.#came.position(span)
  }

  end({ span }: Segment): number {
    return this.#came.endOf(span)
  }

  /** Remembers what tells the file at its host from a later one. */
  knowAs(etag: string | undefined): void {
    this.#etag ??= etag
  }

  /** These bytes belong to the segment, at this position of the file. */
  write(segment: Segment, position: number, bytes: Buffer): void {
    if (!this.#segments.has(segment)) throw noLonger()
    this.#onDisk(() => {
      this.#parts.room(bytes.length)
      this.#partial?.write(position, bytes)
    })
    this.#advance()
  }

  /** Its host knows no ranges: the answer to this segment is the whole file, and goes on as what is returned. */
  becomeWhole(segment: Segment): Segment {
    this.#hasRanges = false
    this.startOver(segment)
    this.#segments.delete(segment)
    return this.#begin(this.#came.takeAll(), segment.over)
  }

  /** Nothing of it holds any longer, and all segments are over but the one that goes on. */
  startOver(but?: Segment): void {
    for (const segment of this.#segments) {
      if (segment === but) continue
      this.giveBack(segment)
      segment.over.abort(noLonger())
    }
    this.#etag = undefined
    this.#told = 0
    this.#resumed = 0
    this.#onDisk(() => this.#partial?.clear())
    this.#parts.follower.again()
    this.#state = 'running'
    this.#parts.changed()
  }

  /** What the hash has to say. */
  heard(news: 'right' | 'wrong'): void {
    if (this.#state !== 'verifying') return
    try {
      if (news === 'right') this.#arrive(this.#resumed)
      else this.#wasWrong()
    } catch (thrown) {
      this.fail(diskTrouble(thrown, this.#parts.place.partial))
    }
  }

  /** Keeps what has come, for another time. */
  fail(reason: unknown): void {
    this.#end('failed')
    this.#settled.reject(reason)
  }

  /** Nobody waits for it any more. Keeps what has come. */
  leave(): void {
    this.#end('left')
    this.#settled.reject(noLonger())
  }

  #wasWrong(): void {
    this.#wrong += 1
    if (this.#wrong <= MOST_WRONG) return this.startOver()
    const { path } = this.file
    const message = `${path} came ${this.#wrong} times, and its hash was never the one that the hub promises; nothing was kept of it. Try again later.`
    this.fail(new GatewayError('verification_failed', message))
    this.#discard()
  }

  #begin(span: Span, over = new AbortController()): Segment {
    const segment = { span, isWhole: !this.#hasRanges, over }
    this.#segments.add(segment)
    return segment
  }

  #advance(): void {
    const { front, complete } = this.#came
    if (complete) {
      this.#state = 'verifying'
      this.#parts.changed()
    } else if (front - this.#told < TELL_EVERY) return
    this.#told = front
    this.#parts.follower.reach(front)
  }

  #arrive(resumed: number): void {
    this.#resumed = resumed
    this.#end('there')
    this.#discard()
    this.#settled.resolve()
  }

  #end(state: 'there' | 'failed' | 'left'): void {
    if (this.isOver) return
    this.#state = state
    for (const { over } of this.#segments) over.abort(noLonger())
    this.#segments.clear()
    this.#partial?.close()
    this.#partial = undefined
    if (state !== 'there') this.#parts.follower.drop()
    this.#parts.changed()
  }

  #onDisk(act: () => void): void {
    try {
      act()
    } catch (thrown) {
      throw diskTrouble(thrown, this.#parts.place.partial)
    }
  }

  #discard(): void {
    const { partial, journal } = this.#parts.place
    rmSync(partial, { force: true })
    rmSync(journal, { force: true })
  }
}

function noLonger(): GatewayError {
  return new GatewayError('conflict', 'Nobody waits for these bytes any more.')
}
