/** Codes that sign somebody in once, for links: what is in an address may end up in a history, and is worth nothing once it was used. */
import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { digest } from './key.ts'

export interface Code {
  readonly code: string
  /** Ms since 1970. */
  readonly expiresAt: number
}

export interface Codes {
  make(): Code
  /** Whether it was good; it is not, the next time. */
  redeem(code: string): boolean
  forget(): void
}

const livesMs = 10 * 60_000
/** So many are good at once; a further one takes the place of the oldest. */
const most = 20

/** Kept in memory alone, as their hashes: a code does not outlive the gateway that made it. */
export function createCodes(now: () => number): Codes {
  const expiries = new LRUCache<string, number>({ max: most })
  return {
    make() {
      const code = randomBytes(32).toString('base64url')
      const expiresAt = now() + livesMs
      expiries.set(hashOf(code), expiresAt)
      return { code, expiresAt }
    },
    redeem(code) {
      const hash = hashOf(code)
      const expiresAt = expiries.get(hash)
      expiries.delete(hash)
      return expiresAt !== undefined && now() < expiresAt
    },
    forget: () => expiries.clear(),
  }
}

function hashOf(code: string): string {
  return digest(code).toString('hex')
}
