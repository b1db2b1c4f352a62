/** The blobs on their way, each of them once: a task that wants one that another has begun joins it. */
import type { MessagePort } from 'node:worker_threads'
import type { HubFile } from '../hub/hub.ts'
import { Arrival, type Follower } from './arrival.ts'
import { refuseIfFull } from './disk.ts'
import { placeOf, type BlobPlace } from './layout.ts'
import { revived, type HashNews, type HashOrder, type Task } from './messages.ts'

export interface ArrivalsParts {
  /** To the hash thread. */
  readonly hash: Pick<MessagePort, 'on' | 'postMessage'>
  readonly mark: string
  readonly keepFree: number
}

interface Held {
  readonly id: number
  readonly final: string
  readonly arrival: Arrival
  holders: number
}

const LOOK_AT_ROOM_EVERY = 4 * 1024 ** 2

export class Arrivals {
  readonly #parts: ArrivalsParts
  readonly #held = new Set<Held>()
  #lastId = 0
  #writtenBlind = 0
  #news = Promise.withResolvers<void>()

  constructor(parts: ArrivalsParts) {
    this.#parts = parts
    parts.hash.on('message', (news: HashNews) => this.#hear(news))
  }

  /** To be given back with `leave`. */
  join({ cache, blobs }: Pick<Task, 'cache' | 'blobs'>, file: HubFile): Arrival {
    const place = placeOf({ blobs }, file.blob, this.#parts.mark)
    const known = [...this.#held].find(({ final, arrival }) => final === place.final && !arrival.isOver)
    if (known !== undefined) {
      known.holders += 1
      return known.arrival
    }
    const id = (this.#lastId += 1)
    const follower = this.#followerOf(id, file, place)
    const room = (written: number): void => this.#lookAtRoom(blobs, written)
    const arrival = new Arrival({ file, place, cache, follower, room, changed: () => this.ring() })
    this.#held.add({ id, final: place.final, arrival, holders: 1 })
    return arrival
  }

  leave(left: Arrival): void {
    for (const held of this.#held) {
      if (held.arrival !== left) continue
      held.holders -= 1
      if (held.holders > 0) return
      this.#held.delete(held)
      left.leave()
    }
  }

  /** Resolves when there may be something new to do. */
  news(): Promise<void> {
    return this.#news.promise
  }

  ring(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers<void>()
  }

  #followerOf(id: number, { bytes, blob, hash }: HubFile, { partial: path, final }: BlobPlace): Follower {
    const tell = (order: HashOrder): void => this.#parts.hash.postMessage(order, [])
    return {
      follow: () => tell({ kind: 'follow', id, file: { path, bytes, hash }, blob, final }),
      reach: (upTo) => tell({ kind: 'reach', id, upTo }),
      again: () => tell({ kind: 'again', id }),
      drop: () => tell({ kind: 'drop', id }),
    }
  }

  #hear(news: HashNews): void {
    const arrival = [...this.#held].find(({ id }) => id === news.id)?.arrival
    if (news.kind === 'right' || news.kind === 'wrong') arrival?.heard(news.kind)
    if (news.kind === 'failed') arrival?.fail(revived(news.error))
  }

  #lookAtRoom(blobs: string, written: number): void {
    this.#writtenBlind += written
    if (this.#writtenBlind < LOOK_AT_ROOM_EVERY) return
    this.#writtenBlind = 0
    refuseIfFull(blobs, 0, this.#parts.keepFree)
  }
}
