/** One generation under way: bytes from a backend become an answer's deltas, as they come. */
import type { Dispatcher } from 'undici'
import { GatewayError } from '../errors.ts'
import type { Lease } from '../scheduler/scheduler.ts'
import { readGenerated, type FinishReason, type Generated, type Usage } from '../wire/generation.ts'
import { isObject, parseObject } from '../wire/json.ts'
import { Splicer } from '../wire/splice.ts'
import { SseReader, textOf, type SseListener } from '../wire/sse.ts'
import type { Answer } from './answer.ts'
import type { ChoiceFilter } from './choice.ts'
import type { Departure } from './departure.ts'
import { HangUp } from './hang-up.ts'
import type { Caller, Line } from './line.ts'
import { Pieces } from './pieces.ts'
import { readRefusal, tornOff } from './upstream-error.ts'
import type { Watched } from './watch.ts'

export interface GenerationParts {
  readonly lease: Lease
  readonly answer: Answer
  readonly choice: number
  readonly filter: ChoiceFilter
  /** Asked for as one JSON rather than a stream. */
  readonly whole: boolean
  readonly departure: Departure
  /** Without a sign of life before the first token; for a whole answer, before its end. */
  readonly firstByteMs: number
  readonly idleMs: number
  readonly now: () => number
  readonly firstToken: () => void
}

/** How a generation went: its usage where the backend told it, and how many deltas came. */
export interface Outcome {
  readonly finish: FinishReason
  readonly usage: Usage | undefined
  readonly deltas: number
  /** Tokens of the prompt that the backend said it was reading. */
  readonly promptRead: number
}

/** The backend closed without a byte: nothing was acted on that the client could have seen. */
export class NoAnswer extends GatewayError {
  constructor(cause: unknown) {
    super(
      'server_failed',
      'The model server closed the connection without an answer. Its log says why: mlx-gateway logs.',
      {
        cause,
        retryAfterMs: 1000,
      },
    )
  }
}

/** Complete only with a finish reason, `[DONE]` and no error event: a server that dies ends its stream like one that has finished (HTTP/1.0). */
export class Generation implements Caller, SseListener, Watched {
  readonly #parts: GenerationParts
  readonly #splicer = new Splicer()
  readonly #reader: SseReader
  readonly #pieces = new Pieces((bytes) => this.#read(bytes))
  readonly #settle: { resolve: (outcome: Outcome) => void; reject: (error: unknown) => void }
  readonly outcome: Promise<Outcome>
  readonly #resume = () => this.#controller?.resume()
  #controller: Dispatcher.DispatchController | undefined
  readonly #hangUp: HangUp
  #settled = false
  #status = 0
  #sse = false
  #body = ''
  #done = false
  #usage: Usage | undefined
  #deltas = 0
  #promptRead = 0
  /** The last comment told of a prompt that is not read yet. */
  #isReading = false
  #paused = false
  #lastSign: number

  constructor(parts: GenerationParts) {
    this.#parts = parts
    this.#reader = new SseReader(this)
    this.#lastSign = parts.now()
    this.#hangUp = new HangUp(parts.lease)
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    this.outcome = promise
    this.#settle = { resolve, reject }
    parts.departure.tell((reason) => this.#fail(reason))
  }

  /** Tokens said so far, about. */
  get deltas(): number {
    return this.#deltas
  }

  takes(line: Line): void {
    this.#hangUp.takes(line)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#hangUp.begins(controller)
    if (this.#settled) controller.abort(new Error('the client has left'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ): void {
    if (this.#settled) return this.#hangUp.heard()
    this.#status = status
    this.#sse = status === 200 && String(headers['content-type']).startsWith('text/event-stream')
    this.#sign()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return this.#hangUp.heard()
    if (this.#sse) {
      this.#pieces.add(chunk)
      return
    }
    this.#body += chunk.toString('latin1')
    if (this.#body.length > 16 * 1024 ** 2) this.#fail(tornOff('an answer that is no stream'))
  }

  #read(bytes: Buffer): void {
    if (this.#settled) return
    try {
      this.#reader.push(bytes)
      if (this.#settled || this.#parts.answer.flush(this.#resume)) return
      this.#paused = true
      this.#controller?.pause()
    } catch (error) {
      this.#fail(error)
    }
  }

  onResponseEnd(): void {
    this.#pieces.give()
    this.#hangUp.ended()
    if (this.#settled) return
    if (this.#status !== 200) this.#fail(readRefusal(this.#status, textOf(this.#body, false)))
    else if (this.#parts.whole) this.#endWhole()
    else if (!this.#sse)
      this.#fail(new GatewayError('server_failed', 'The model server answered with something that is no event stream.'))
    else {
      this.#reader.end()
      if (!this.#settled) this.#fail(tornOff('in the middle of its answer'))
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#pieces.give()
    this.#hangUp.ended()
    if (this.#settled) return
    this.#fail(this.#status === 0 ? new NoAnswer(error) : tornOff('in the middle of its answer'))
  }

  events(bytes: string): boolean {
    const { filter, answer, choice } = this.#parts
    const escaped = !this.#settled && filter.transparent ? this.#splicer.texts(bytes) : undefined
    if (escaped === undefined) return false
    this.#tokens(escaped.length)
    answer.escapedTexts(choice, escaped)
    return true
  }

  data(bytes: string, plain: boolean): void {
    if (this.#settled) return
    const { filter } = this.#parts
    if (bytes === '[DONE]') {
      this.#done = true
      this.#complete()
      return
    }
    const event = parseObject(textOf(bytes, plain))
    if (event === undefined) {
      this.#fail(new GatewayError('server_failed', 'The model server sent an event that is not JSON.'))
      return
    }
    const said = readGenerated(event)
    if (plain && filter.transparent) this.#splicer.learn(bytes, said)
    this.#take(said)
  }

  /** mlx_lm.server writes `: keepalive READ/TOTAL` between the steps of a prefill: progress only where the number grows. */
  comment(text: string): void {
    const [, read, total] = /^keepalive (\d+)\/(\d+)$/.exec(text) ?? []
    if (Number(read) <= this.#promptRead) return
    this.#promptRead = Number(read)
    this.#isReading = this.#promptRead < Number(total)
    this.#sign()
    this.#parts.answer.waiting({ phase: 'prefill', read: Number(read), total: Number(total) })
  }

  tick(now: number): void {
    if (this.#settled || this.#paused) {
      // a reader that is slow has the answer's own limit
      this.#paused &&= this.#controller?.paused === true
      this.#lastSign = now
      return
    }
    const limit = this.#deltas === 0 ? this.#parts.firstByteMs : this.#parts.idleMs
    if (now - this.#lastSign <= limit) return
    const seconds = Math.round(limit / 1000)
    // another request may be served alone while this one waits: only a server that gives nobody anything is hung
    if (now - this.#parts.lease.lastProgress() > limit) this.#parts.lease.condemn(`no progress for ${seconds} s`)
    this.#fail(
      new GatewayError('server_timeout', `The model server made no progress for ${seconds} s.`, { retryAfterMs: 1000 }),
    )
  }

  #take(said: Generated): void {
    const { filter, answer, choice } = this.#parts
    if (said.error !== undefined) {
      this.#fail(readRefusal(500, JSON.stringify({ error: said.error })))
      return
    }
    this.#usage = said.usage ?? this.#usage
    const delta = filter.take(said)
    if (said.text !== '' || said.reasoning !== '' || said.toolCalls.length > 0) this.#tokens(1)
    if (delta !== undefined) answer.delta(choice, delta)
    if (filter.stopped) this.#complete()
  }

  #endWhole(): void {
    const answer = parseObject(textOf(this.#body, false))
    if (answer === undefined || !isObject(answer)) {
      this.#fail(new GatewayError('server_failed', 'The model server answered with something that is not JSON.'))
      return
    }
    this.#take(readGenerated(answer))
    this.#done = true
    this.#complete()
  }

  #complete(): void {
    if (this.#settled) return
    const { filter, answer, choice } = this.#parts
    if (!filter.stopped && filter.finish === undefined) {
      this.#fail(tornOff('without a reason to finish'))
      return
    }
    const last = filter.close()
    answer.delta(choice, last)
    this.#finish()
    this.#settle.resolve({
      finish: last.finish,
      usage: this.#usage,
      deltas: this.#deltas,
      promptRead: this.#promptRead,
    })
    // met a stop sequence: what the backend would go on to say is not wanted
    if (!this.#done) this.#hangUp.now(new Error('a stop sequence was met'), false)
  }

  #fail(error: unknown): void {
    if (this.#settled) return
    this.#finish()
    this.#settle.reject(error)
    // between the steps of a prefill it surely writes
    const writesSoon = this.#isReading && this.#deltas === 0
    this.#hangUp.now(error instanceof Error ? error : new Error('the request was given up'), writesSoon)
  }

  #finish(): void {
    this.#settled = true
    this.#parts.departure.tell(undefined)
  }

  #tokens(count: number): void {
    this.#sign()
    if (this.#deltas === 0) this.#parts.firstToken()
    this.#deltas += count
  }

  #sign(): void {
    this.#lastSign = this.#parts.now()
    this.#parts.lease.progressed()
  }
}
