/** The keys in use: found by hash, remembered once found, and forgotten with their streams when they are revoked or expire. */
import { LRUCache } from 'lru-cache'
import { GatewayError, messageOf } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { expiredKey, revokedKey } from './decide.ts'
import { createExpiries, type ExpiriesParts } from './expiries.ts'
import { equalDigests, keyOf, type Key } from './key.ts'

export interface Keyring {
  find(digest: Buffer): Key | undefined
  /** Aborts when the key is revoked or expires. */
  revocation(key: Key): AbortSignal
  /** False where there is no such key, or it was revoked before. Where that cannot be written, the key opens nothing until the gateway
   *  ends, and GatewayError `store_unusable` says so. */
  revoke(id: string, at: number): boolean
}

const rememberedKeys = 1_000

export function createKeyring(keys: Store['keys'], clock: Omit<ExpiriesParts, 'expired'>): Keyring {
  const remembered = new LRUCache<string, Key>({ max: rememberedKeys })
  const revocations = new Map<string, AbortController>()
  /** When keys were revoked of which the store still thinks otherwise. */
  const unwritten = new Map<string, number>()
  const expiries = createExpiries({ ...clock, expired: (id) => end(id, expiredKey()) })

  function end(id: string, reason: GatewayError): void {
    expiries.forget(id)
    revocations.get(id)?.abort(reason)
    revocations.delete(id)
  }

  function shut(id: string): void {
    remembered.clear()
    end(id, revokedKey())
  }

  return {
    find(digest) {
      const hash = digest.toString('hex')
      const known = remembered.get(hash)
      if (known !== undefined) return known
      const row = keys.byHash(hash)
      if (row === undefined || !equalDigests(Buffer.from(row.hash, 'hex'), digest)) return undefined
      const key = keyOf({ ...row, revokedAt: row.revokedAt ?? unwritten.get(row.id) ?? null })
      remembered.set(hash, key)
      return key
    },
    revocation({ id, expiresAt }) {
      const known = revocations.get(id)
      if (known !== undefined) return known.signal
      const controller = new AbortController()
      revocations.set(id, controller)
      if (expiresAt !== null) expiries.watch(id, expiresAt)
      return controller.signal
    },
    revoke(id, at) {
      try {
        if (!keys.revoke(id, at)) return false
      } catch (thrown) {
        unwritten.set(id, at)
        shut(id)
        throw notWritten(thrown)
      }
      unwritten.delete(id)
      shut(id)
      return true
    },
  }
}

function notWritten(thrown: unknown): GatewayError {
  return new GatewayError(
    'store_unusable',
    `From now on this key opens nothing, yet after a restart it would again: that it was revoked could not be written. ${messageOf(thrown)}`,
    { cause: thrown },
  )
}
