/** What happened to one request, for the history; never what was said in it. */
import type { RequestRow } from '../store/store.ts'
import type { FinishReason, Usage } from '../wire/generation.ts'
import type { ProxyEvent } from './record.ts'

export interface TraceParts {
  readonly id: string
  readonly endpoint: string
  readonly keyId: string | null
  readonly announce: (event: ProxyEvent) => void
  /** Monotonic, ms. */
  readonly now: () => number
  /** Since 1970, ms. */
  readonly wallClock: () => number
}

export class Trace {
  readonly #parts: TraceParts
  readonly #startedAt: number
  #model = ''
  #stream = false
  #profile: string | null = null
  #queueMs = 0
  #loadMs = 0
  #leasedAt: number | undefined
  #firstTokenAt: number | undefined
  #usage: Usage | undefined
  #finish: FinishReason | undefined

  constructor(parts: TraceParts) {
    this.#parts = parts
    this.#startedAt = parts.wallClock()
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

  /** What was asked for had to be fetched first, which is a part of loading it. */
  brought(ms: number): void {
    this.#loadMs += ms
  }

  leased(queueMs: number, loadMs: number): void {
    this.#queueMs += queueMs
    this.#loadMs += loadMs
    this.#leasedAt = this.#parts.now()
  }

  readonly firstToken = (): void => {
    if (this.#firstTokenAt !== undefined || this.#leasedAt === undefined || this.#profile === null) return
    this.#firstTokenAt = this.#parts.now()
    const ms = this.#firstTokenAt - this.#leasedAt + this.#queueMs + this.#loadMs
    this.#parts.announce({ type: 'request.first_token', id: this.#parts.id, profile: this.#profile, ms })
  }

  finished(usage: Usage, reason: FinishReason): void {
    this.#usage = usage
    this.#finish = reason
  }

  ended(status: number, error: string | null): void {
    const { id, endpoint, keyId, announce, now } = this.#parts
    const end = now()
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
      queueMs: Math.round(this.#queueMs),
      waitedFor: null,
      loadMs: Math.round(this.#loadMs),
      prefillMs: Math.round(first - leased),
      decodeMs: Math.round(end - first),
    }
    announce({ type: 'request.ended', record })
  }
}
