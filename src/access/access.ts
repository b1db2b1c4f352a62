/** Who is asking, and what they may: one decision for every door. */
import type { IncomingHttpHeaders } from 'node:http'
import { LRUCache } from 'lru-cache'
import type { Settings } from '../config/config.ts'
import type { Store } from '../store/store.ts'
import { readCredential } from './credential.ts'
import { decide, type Asker, type Door } from './decide.ts'
import { digest, equalDigests, keyOf, makeKey, type Key, type NewKey } from './key.ts'
import { createKeyring } from './keyring.ts'
import { readSessionCookies } from './session-cookie.ts'
import { createSessions } from './sessions.ts'
import { createSignIn, findSession, type SignIn } from './sign-in.ts'

export { readOrCreateAdminToken } from './admin-token.ts'
export { isLoopback, mayListen } from './listen.ts'
export { isOwnOrigin, isOwnSite } from './own-page.ts'
export { isProof, newSecret, proofOf } from './proof.ts'
export { sessionCookie } from './session-cookie.ts'
export type { Door } from './decide.ts'
export type { Key, NewKey, Scope } from './key.ts'

/** Who asks, once they have been let in. */
export interface Identity {
  /** NULL for the admin token, for who signed in with it, and for nobody in particular. */
  readonly keyId: string | null
  /** For people: the key's name, `admin` or `anyone`. */
  readonly name: string
  /** Whether they may ask for a model by this name. */
  mayUse(model: string): boolean
  /** When the key or the session ends by itself, in ms since 1970; null: never. */
  readonly expiresAt: number | null
  /** Aborts when the key is revoked or expires or the session ends, with the GatewayError that says so: open streams end by it. */
  readonly revoked: AbortSignal
}

export interface Access extends SignIn {
  /** Lets in whom this door lets in: by key or admin token; without either, by the cookie of a session. Throws GatewayError `invalid_api_key` or `permission_denied`. */
  authenticate(headers: IncomingHttpHeaders, door: Door): Identity
  /** `secret` is told this once and never again. Throws GatewayError `invalid_request`, or `store_unusable`: then there is no key. */
  createKey(wanted: NewKey): { readonly secret: string; readonly key: Key }
  /** From now on, and for streams under way. False where there is no such key, or it was revoked before. Throws GatewayError
   *  `store_unusable` where it could not be written; it holds until the gateway ends even so. */
  revoke(id: string): boolean
  /** Every key ever made, oldest first. */
  list(): readonly Key[]
}

export interface AccessParts {
  readonly keys: Store['keys']
  readonly sessions: Store['sessions']
  readonly settings: Settings['auth']
  readonly adminToken: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls `run` once after `ms`; the result cancels it. */
  readonly later: (run: () => void, ms: number) => () => void
  /** Whether only this machine can reach the gateway. */
  readonly loopback: boolean
}

const longestRemembered = 200

export function createAccess(parts: AccessParts): Access {
  const { keys, settings, adminToken, now, later, loopback } = parts
  const adminDigest = digest(adminToken)
  const keyring = createKeyring(keys, { now, later })
  const sessions = createSessions(parts.sessions, { now, later })
  const isAdminToken = (token: string) => equalDigests(digest(token), adminDigest)
  const never = new AbortController().signal

  /** Until a key is made or `auth.required` says so, everybody on this machine may ask. Revoked keys count: to take the last one back
   *  must not open the door. */
  const keyRequired = () => !loopback || (settings.required ?? keys.everMade())

  /** Who asks a thousand times a second need not be hashed as often. */
  const digests = new LRUCache<string, Buffer>({ max: 256 })
  function digestOf(credential: string): Buffer {
    const known = digests.get(credential)
    if (known !== undefined) return known
    const fresh = digest(credential)
    if (credential.length <= longestRemembered) digests.set(credential, fresh)
    return fresh
  }

  function askerOf(headers: IncomingHttpHeaders): Asker {
    const credential = readCredential(headers)
    if (credential === undefined) return visitorOf(readSessionCookies(headers))
    const given = digestOf(credential)
    if (equalDigests(given, adminDigest)) return { kind: 'admin' }
    const key = keyring.find(given)
    return key === undefined ? { kind: 'stranger', credential } : { kind: 'key', key }
  }

  function visitorOf(cookies: readonly string[]): Asker {
    if (cookies.length === 0) return { kind: 'nobody' }
    const session = findSession(cookies, sessions)
    return session === undefined ? { kind: 'signedOut' } : { kind: 'session', session }
  }

  return {
    ...createSignIn({ sessions, isAdminToken, now }),
    authenticate(headers, door) {
      const admitted = decide(askerOf(headers), door, { keyRequired: keyRequired(), now: now() })
      switch (admitted.kind) {
        case 'key': {
          const { id, name, models, expiresAt } = admitted.key
          keys.used(id, now())
          const mayUse = (model: string) => models === null || models.includes(model)
          return { keyId: id, name, mayUse, expiresAt, revoked: keyring.revocation(admitted.key) }
        }
        case 'admin':
          return { keyId: null, name: 'admin', mayUse: () => true, expiresAt: null, revoked: never }
        case 'session': {
          const { expiresAt, ended } = admitted.session
          return { keyId: null, name: 'admin', mayUse: () => true, expiresAt, revoked: ended }
        }
        case 'anyone':
          return { keyId: null, name: 'anyone', mayUse: () => true, expiresAt: null, revoked: never }
      }
    },
    createKey(wanted) {
      const { secret, row } = makeKey(wanted, now())
      keys.add(row)
      return { secret, key: keyOf(row) }
    },
    revoke: (id) => keyring.revoke(id, now()),
    list: () => keys.list().map(keyOf),
  }
}
