/** Fetches a segment of a blob: asks, judges the answer, writes what comes, and asks again for what is missing. */
import type { Dispatcher } from 'undici'
import { GatewayError } from '../errors.ts'
import { requestFile, unreachable, type HubAccess } from '../hub/hub.ts'
import { judge } from './answer.ts'
import type { Arrival, Segment } from './arrival.ts'
import { Body } from './body.ts'
import { tryAgain, type Patience } from './retry.ts'

export interface Source {
  readonly hub: HubAccess
  readonly id: string
  readonly commit: string
  readonly connections: Dispatcher
  /** Without a byte for so long, an answer is given up. */
  readonly stallMs: number
  readonly patience: Patience
}

/** Resolves when the segment is given back, whatever came of it: what lasts has failed the arrival. */
export async function fetchSegment(
  arrival: Arrival,
  segment: Segment,
  source: Source,
  signal: AbortSignal,
): Promise<void> {
  const over = AbortSignal.any([signal, segment.over.signal])
  const fetch = new Fetch(arrival, segment, source, over)
  try {
    await tryAgain(
      () => fetch.attempt(),
      source.patience,
      () => fetch.progressed,
      over,
    )
  } catch (error) {
    if (!over.aborted) arrival.fail(error)
  } finally {
    fetch.giveBack()
  }
}

class Fetch {
  readonly #arrival: Arrival
  readonly #source: Source
  readonly #over: AbortSignal
  #segment: Segment
  #before = 0

  constructor(arrival: Arrival, segment: Segment, source: Source, over: AbortSignal) {
    this.#arrival = arrival
    this.#segment = segment
    this.#source = source
    this.#over = over
  }

  /** Whether the last attempt brought something that the next need not fetch. */
  get progressed(): boolean {
    return !this.#segment.isWhole && this.#arrival.position(this.#segment) > this.#before
  }

  giveBack(): void {
    this.#arrival.giveBack(this.#segment)
  }

  async attempt(): Promise<void> {
    if (this.#segment.isWhole) this.#arrival.startOver(this.#segment)
    this.#before = this.#arrival.position(this.#segment)
    const left = new AbortController()
    try {
      await this.#fetch(AbortSignal.any([this.#over, left.signal]))
    } catch (thrown) {
      this.#over.throwIfAborted()
      throw thrown instanceof GatewayError ? thrown : unreachable(this.#source.hub.endpoint, thrown)
    } finally {
      left.abort()
    }
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const arrival = this.#arrival
    const { path, blob, bytes } = arrival.file
    const { hub, id, commit, connections, stallMs } = this.#source
    const [start, end, etag] = [this.#before, arrival.end(this.#segment), arrival.etag]
    if (start === end) return
    const body = new Body()
    const line = { dispatcher: connections.compose(body.around), signal, silenceMs: stallMs }
    const range = { start, end, ...(etag === undefined ? {} : { ifRange: etag }) }
    const answer = await requestFile(hub, { id, commit, path }, line, this.#segment.isWhole ? {} : { range })
    const verdict = judge(answer, { path, blob, bytes, start, end, etag })
    if (verdict === 'changed') {
      arrival.startOver(this.#segment)
      throw broken(`${path} changed at its host while it came`)
    }
    if (verdict === 'whole') this.#segment = arrival.becomeWhole(this.#segment)
    arrival.knowAs(answer.etag)
    await this.#pour(body, verdict === 'whole' ? 0 : start, verdict === 'whole' ? bytes : end)
  }

  async #pour(body: Body, start: number, end: number): Promise<void> {
    const { path } = this.#arrival.file
    let at = start
    await body.pour((piece) => {
      if (at + piece.length > end) throw broken(`${path} came with more bytes than asked for`)
      this.#arrival.write(this.#segment, at, piece)
      at += piece.length
    })
    if (at < end) throw broken(`${path} ended after ${at} of ${end} bytes`)
  }
}

function broken(how: string): GatewayError {
  return new GatewayError('hub_unreachable', `The answer of the hub was no good: ${how}.`)
}
