/** Speeds over time, from requests that have ended. Pure. */
import type { RequestView } from '../../../src/api/admin/admin.ts'

export interface Speeds {
  /** The ends of equal stretches of time, ms since 1970. */
  readonly times: readonly number[]
  /** Tokens per second of all answers together, in each stretch. */
  readonly throughput: readonly number[]
  /** The middle one of the times to the first token, ms; null where nobody asked. */
  readonly firstToken: readonly (number | null)[]
}

/** An answer's tokens are spread evenly over the time it was being said. */
export function speedsOf(
  requests: readonly RequestView[],
  { now, spanMs, stretches }: { readonly now: number; readonly spanMs: number; readonly stretches: number },
): Speeds {
  const stretch = spanMs / stretches
  const first = now - spanMs
  const times = Array.from({ length: stretches }, (_, index) => first + (index + 1) * stretch)
  const tokens = times.map(() => 0)
  const firsts = times.map((): number[] => [])
  const indexOf = (at: number) => Math.floor((at - first) / stretch)
  for (const { startedAt, queueMs, loadMs, prefillMs, decodeMs, completionTokens } of requests) {
    const said = completionTokens ?? 0
    // one that failed before its first token says nothing of when that comes
    if (said === 0) continue
    const spoke = startedAt + queueMs + loadMs + prefillMs
    firsts[indexOf(spoke)]?.push(queueMs + loadMs + prefillMs)
    const end = Math.max(spoke + decodeMs, spoke + 1)
    for (let index = Math.max(0, indexOf(spoke)); index <= Math.min(stretches - 1, indexOf(end)); index += 1) {
      const begins = Math.max(spoke, first + index * stretch)
      const ends = Math.min(end, first + (index + 1) * stretch)
      tokens[index] = (tokens[index] ?? 0) + (said * (ends - begins)) / (end - spoke)
    }
  }
  return { times, throughput: tokens.map((sum) => (sum * 1000) / stretch), firstToken: firsts.map(median) }
}

/** Tokens per second of one answer; the first came before that time began. Null where it is too short to tell. */
export function speedOf({
  completionTokens,
  decodeMs,
}: Pick<RequestView, 'completionTokens' | 'decodeMs'>): number | null {
  return completionTokens === null || completionTokens < 2 || decodeMs <= 0
    ? null
    : ((completionTokens - 1) * 1000) / decodeMs
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
