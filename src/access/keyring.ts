/** The keys in use: found by hash, remembered once found, and forgotten with their streams when they are revoked. */
import { LRUCache } from 'lru-cache'
import type { Store } from '../store/store.ts'
import { revokedKey } from './decide.ts'
import { equalDigests, keyOf, type Key } from './key.ts'

export interface Keyring {
  find(digest: Buffer): Key | undefined
  /** Whether a key was ever made; a revoked one counts: taking the last one back must not open the door. */
  everMade(): boolean
  /** Aborts when the key is revoked. */
  revocation(id: string): AbortSignal
  /** False where there is no such key, or it was revoked before. */
  revoke(id: string, at: number): boolean
}

const rememberedKeys = 1_000

export function createKeyring(keys: Store['keys']): Keyring {
  const remembered = new LRUCache<string, Key>({ max: rememberedKeys })
  const revocations = new Map<string, AbortController>()
  let made = false

  return {
    find(digest) {
      const hash = digest.toString('hex')
      const known = remembered.get(hash)
      if (known !== undefined) return known
      const row = keys.byHash(hash)
      if (row === undefined || !equalDigests(Buffer.from(row.hash, 'hex'), digest)) return undefined
      const key = keyOf(row)
      remembered.set(hash, key)
      return key
    },
    everMade() {
      made ||= keys.list().length > 0
      return made
    },
    revocation(id) {
      const controller = revocations.get(id) ?? new AbortController()
      revocations.set(id, controller)
      return controller.signal
    },
    revoke(id, at) {
      if (!keys.revoke(id, at)) return false
      remembered.clear()
      revocations.get(id)?.abort(revokedKey())
      revocations.delete(id)
      return true
    },
  }
}
