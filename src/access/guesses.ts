/** Slows down who tries one admin token after the other. */
import { LRUCache } from 'lru-cache'
import { GatewayError } from '../errors.ts'

export interface Guesses {
  /** Throws GatewayError `too_many_attempts` where too many wrong ones came from this address of late. */
  check(from: string): void
  wrong(from: string): void
  right(from: string): void
}

/** So many wrong ones are heard in any such time, ms. */
const allowed = 10
const withinMs = 60_000
const rememberedAddresses = 1_000

/** Each address has its own count, so that nobody out there keeps the people at this machine waiting; and it forgets within a minute,
 *  also where the clock was set. */
export function createGuesses(now: () => number): Guesses {
  const times = new LRUCache<string, readonly number[]>({ max: rememberedAddresses })
  const recent = (from: string) => (times.get(from) ?? []).filter((time) => Math.abs(now() - time) < withinMs)
  return {
    check(from) {
      const [oldest, ...others] = recent(from)
      if (oldest === undefined || others.length + 1 < allowed) return
      const retryAfterMs = oldest + withinMs - now()
      throw new GatewayError(
        'too_many_attempts',
        `Too many wrong tokens. Try again in ${Math.ceil(retryAfterMs / 1000)} s, or use the link that mlx-gateway admin prints: it works at once.`,
        { retryAfterMs },
      )
    },
    wrong: (from) => void times.set(from, [...recent(from), now()]),
    right: (from) => void times.delete(from),
  }
}
