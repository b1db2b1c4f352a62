/*  What happens to one request, and, once it has ended, what happened to it; never what was said in it.
 *
 *         its server loads       lease          token
 *  queued ◀──────────────▶ loading ────▶ prefill ────▶ decode
 *     │                               ▲ │
 *     ├────────── lease ──────────────┘ │
 *     └◀──── its server gave nothing ───┘
 */
import type { Waiting } from '../scheduler/scheduler.ts'
import type { RequestRow } from '../store/store.ts'
import type { FinishReason, Usage } from '../wire/generation.ts'
import type { ProxyEvent } from './record.ts'

export interface TraceParts {
  readonly id: string
  readonly endpoint: string
  readonly keyId: string | null
  readonly keyName: string | null
  readonly announce: (event: ProxyEvent) => void
  /** It has come to another phase, or to another place in the queue. */
  readonly changed: (id: string) => void
  /** Monotonic, ms. */
  readonly now: () => number
  /** Since 1970, ms. */
  readonly wallClock: () => number
}

type Phase = 'queued' | 'loading' | 'prefill' | 'decode'

/** A request under way. */
export interface LiveCall {
  readonly id: string
  /** Ms since 1970. */
  readonly startedAt: number
  readonly endpoint: string
  /** As asked for. */
  readonly model: string
  readonly profile: string | null
  readonly keyId: string | null
  readonly keyName: string | null
  readonly stream: boolean
  readonly phase: Phase
  /** When this phase began, ms since 1970. */
  readonly since: number
  /** Among those who wait for the same profile, while it waits for a place. */
  readonly position: number | null
  /** The profiles whose servers were in its way so far; its own where all places on it were taken. */
  readonly waitedFor: readonly string[]
  /** Ms, of the phases that are over. */
  readonly queueMs: number
  readonly loadMs: number
  readonly prefillMs: number
  /** Said so far; null before the first. */
  readonly tokens: number | null
}

export class Trace {
  readonly #parts: TraceParts
  readonly #startedAt: number
  readonly #began: number
  #model = ''
  #stream = false
  #profile: string | null = null
  #phase: Phase = 'queued'
  #phaseAt: number
  #position: number | null = null
  /** What leases say, and what was fetched. */
  #queueMs = 0
  #loadMs = 0
  /** Of the wait under way, which no lease has told of yet. */
  #queuedMs = 0
  #loadingMs = 0
  #waitedFor: ReadonlySet<string> = nobody
  #leasedAt: number | undefined
  #firstTokenAt: number | undefined
  #tokens: () => number = none
  #usage: Usage | undefined
  #finish: FinishReason | undefined

  constructor(parts: TraceParts) {
    this.#parts = parts
    this.#startedAt = parts.wallClock()
    this.#began = parts.now()
    this.#phaseAt = this.#began
  }

  get id(): string {
    return this.#parts.id
  }

  get keyName(): string | null {
    return this.#parts.keyName
  }

  asked(model: string, stream: boolean): void {
    this.#model = model
    this.#stream = stream
    const { id, keyId, announce } = this.#parts
    announce({ type: 'request.started', id, model, keyId, at: this.#startedAt })
  }

  resolved(profile: string): void {
    this.#profile = profile
  }

  waits(waiting: Waiting): void {
    this.#position = waiting.phase === 'queued' ? waiting.position : null
    if (waiting.phase === 'queued' && waiting.behind.length > 0)
      this.#waitedFor = new Set([...this.#waitedFor, ...waiting.behind])
    this.#leasedAt = undefined
    if (this.#phase === waiting.phase) this.#parts.changed(this.id)
    else this.#enter(waiting.phase, this.#parts.now())
  }

  /** What was asked for had to be fetched first, which is a part of loading it. */
  brought(ms: number): void {
    this.#loadMs += ms
    this.#enter('queued', this.#parts.now())
    this.#waited()
  }

  leased(queueMs: number, loadMs: number): void {
    this.#queueMs += queueMs
    this.#loadMs += loadMs
    this.#leasedAt = this.#parts.now()
    this.#position = null
    this.#enter('prefill', this.#leasedAt)
    this.#waited()
  }

  /** `tokens` tells how many have been said so far: nobody need be told of each. */
  readonly answers = (tokens: () => number): void => {
    this.#tokens = tokens
  }

  readonly firstToken = (): void => {
    if (this.#firstTokenAt !== undefined || this.#leasedAt === undefined || this.#profile === null) return
    this.#firstTokenAt = this.#parts.now()
    this.#enter('decode', this.#firstTokenAt)
    const ms = this.#firstTokenAt - this.#leasedAt + this.#queueMs + this.#loadMs
    this.#parts.announce({ type: 'request.first_token', id: this.#parts.id, profile: this.#profile, ms })
  }

  finished(usage: Usage, reason: FinishReason): void {
    this.#usage = usage
    this.#finish = reason
  }

  /** The only place where the phase changes. */
  #enter(phase: Phase, at: number): void {
    this.#leave(at)
    this.#phase = phase
    this.#phaseAt = at
    this.#parts.changed(this.id)
  }

  #leave(at: number): void {
    if (this.#phase === 'queued') this.#queuedMs += at - this.#phaseAt
    if (this.#phase === 'loading') this.#loadingMs += at - this.#phaseAt
  }

  /** The wait is over, and told of exactly. */
  #waited(): void {
    this.#queuedMs = 0
    this.#loadingMs = 0
  }

  now(): LiveCall {
    const { id, endpoint, keyId, keyName } = this.#parts
    const [leasedAt, firstTokenAt] = [this.#leasedAt, this.#firstTokenAt]
    const decodes = leasedAt !== undefined && firstTokenAt !== undefined
    return {
      id,
      startedAt: this.#startedAt,
      endpoint,
      model: this.#model,
      profile: this.#profile,
      keyId,
      keyName,
      stream: this.#stream,
      phase: this.#phase,
      since: this.#startedAt + this.#phaseAt - this.#began,
      position: this.#position,
      waitedFor: [...this.#waitedFor],
      queueMs: this.#queueMs + this.#queuedMs,
      loadMs: this.#loadMs + this.#loadingMs,
      prefillMs: decodes ? firstTokenAt - leasedAt : 0,
      tokens: decodes ? this.#tokens() : null,
    }
  }

  ended(status: number, error: string | null): void {
    const { id, endpoint, keyId, keyName, announce, now } = this.#parts
    const end = now()
    this.#leave(end)
    const leased = this.#leasedAt ?? end
    const first = this.#firstTokenAt ?? end
    const record: RequestRow = {
      id,
      startedAt: this.#startedAt,
      endpoint,
      profile: this.#profile,
      model: this.#model,
      keyId,
      stream: this.#stream,
      status,
      error,
      finishReason: this.#finish ?? null,
      promptTokens: this.#usage?.promptTokens ?? null,
      cachedTokens: this.#usage?.cachedTokens ?? null,
      completionTokens: this.#usage?.completionTokens ?? null,
      queueMs: Math.round(this.#queueMs + this.#queuedMs),
      waitedFor: this.#waitedFor.size === 0 ? null : JSON.stringify([...this.#waitedFor]),
      loadMs: Math.round(this.#loadMs + this.#loadingMs),
      prefillMs: Math.round(first - leased),
      decodeMs: Math.round(end - first),
    }
    announce({ type: 'request.ended', record, keyName })
  }
}

const nobody: ReadonlySet<string> = new Set()
const none = (): number => 0
