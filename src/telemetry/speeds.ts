/** How quick the last answers of each profile were. */
import type { RequestRow } from '../store/store.ts'

/** Undefined where no answer has told yet. */
export interface Speed {
  /** While an answer was said, tokens a second. */
  readonly tokensPerSecond: number | undefined
  /** From the place on a server to the first token, ms. */
  readonly firstTokenMs: number | undefined
}

const answersKept = 8
/** One that was said at once says nothing of how quickly tokens come. */
const leastDecodeMs = 2

export class Speeds {
  /** The last answers of each profile, oldest first. */
  readonly #answers = new Map<string, readonly RequestRow[]>()

  /** Of a request that ended well. */
  add(record: RequestRow): void {
    const { profile, error, completionTokens } = record
    if (profile === null || error !== null || completionTokens === null || completionTokens === 0) return
    this.#answers.set(profile, [...(this.#answers.get(profile) ?? []), record].slice(-answersKept))
  }

  of(profile: string): Speed {
    const answers = this.#answers.get(profile) ?? []
    const said = answers.filter(
      ({ decodeMs, completionTokens }) => decodeMs >= leastDecodeMs && (completionTokens ?? 0) > 1,
    )
    const seconds = said.reduce((sum, { decodeMs }) => sum + decodeMs, 0) / 1000
    // the first came before that time began
    const tokens = said.reduce((sum, { completionTokens }) => sum + (completionTokens ?? 1) - 1, 0)
    const waits = answers.map(({ prefillMs }) => prefillMs).sort((one, other) => one - other)
    return {
      tokensPerSecond: seconds === 0 ? undefined : tokens / seconds,
      firstTokenMs: waits[Math.floor((waits.length - 1) / 2)],
    }
  }
}
