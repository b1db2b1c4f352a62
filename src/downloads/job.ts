/** One task of the transfer thread: the blobs of a snapshot, fetched by so many requests at once. */
import type { Arrival } from './arrival.ts'
import type { Arrivals } from './arrivals.ts'
import { refuseIfFull } from './disk.ts'
import { fetchSegment, type Source } from './fetch-segment.ts'
import { placeOf } from './layout.ts'
import type { FileNews, Task } from './messages.ts'
import { bytesToCome } from './present.ts'

export interface JobParts {
  readonly task: Task
  readonly arrivals: Arrivals
  readonly source: Pick<Source, 'connections' | 'stallMs' | 'patience'>
  readonly mark: string
  readonly keepFree: number
}

export class Job {
  readonly #parts: JobParts
  readonly #over = new AbortController()
  #byBlob: ReadonlyMap<string, Arrival> = new Map()

  constructor(parts: JobParts) {
    this.#parts = parts
  }

  /** Resolves when every blob has its final name; rejects with the first trouble that lasts, or when stopped. No file of it alone is open
   *  afterwards. */
  async run(): Promise<void> {
    const { task, arrivals } = this.#parts
    const { signal } = this.#over
    const wanted = new Map(task.files.map((file) => [file.blob, file]))
    this.#refuseIfFull()
    this.#byBlob = new Map([...wanted].map(([blob, file]) => [blob, arrivals.join(task, file)]))
    const all = [...this.#byBlob.values()]
    const lanes = [this.#look(all), ...Array.from({ length: task.connections }, () => this.#work(all))]
    try {
      await Promise.race([Promise.all(all.map((arrival) => arrival.settled)), rejection(signal)])
    } finally {
      this.stop()
      for (const arrival of all) arrivals.leave(arrival)
      await Promise.all(lanes)
    }
  }

  stop(): void {
    this.#over.abort()
    this.#parts.arrivals.ring()
  }

  /** Of the task's files, in their order. */
  news(): readonly FileNews[] {
    return this.#parts.task.files.map(({ blob }) => {
      return this.#byBlob.get(blob)?.news ?? { state: 'waiting', bytes: 0, resumed: 0 }
    })
  }

  /** No further ahead than there are requests to fetch: what is looked at stays open until it has come. */
  async #look(all: readonly Arrival[]): Promise<void> {
    const { task, arrivals } = this.#parts
    for (const arrival of all) {
      let news = arrivals.news()
      while (!this.#over.signal.aborted && all.filter(({ isRunning }) => isRunning).length >= task.connections) {
        await news
        news = arrivals.news()
      }
      if (this.#over.signal.aborted) return
      await arrival.look()
    }
  }

  /** One request after the other, for as long as there is something to fetch or may be. */
  async #work(all: readonly Arrival[]): Promise<void> {
    const { task, arrivals } = this.#parts
    const { signal } = this.#over
    const { hub, id, commit } = task
    const source = { ...this.#parts.source, hub, id, commit }
    while (!signal.aborted && all.some((arrival) => !arrival.isOver)) {
      const news = arrivals.news()
      const work = takeFrom(all, task.connections)
      if (work === undefined) await news
      else await fetchSegment(work.arrival, work.segment, source, signal)
    }
  }

  #refuseIfFull(): void {
    const { task, mark, keepFree } = this.#parts
    const toCome = [...new Map(task.files.map((file) => [file.blob, file.bytes]))].map(([blob, bytes]) =>
      bytesToCome(placeOf(task, blob, mark), bytes, task.cache),
    )
    const sum = toCome.reduce((sum, bytes) => sum + bytes, 0)
    if (sum > 0) refuseIfFull(task.blobs, sum, keepFree)
  }
}

function takeFrom(all: readonly Arrival[], sharers: number) {
  for (const arrival of all) {
    const segment = arrival.take(sharers)
    if (segment !== undefined) return { arrival, segment }
  }
  return undefined
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
