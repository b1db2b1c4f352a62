/** Who is signed in to the admin page. All are in memory while the gateway runs; their hashes are stored, so that a restart signs nobody out. */
import { randomBytes } from 'node:crypto'
import { GatewayError, messageOf } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { createExpiries, type ExpiriesParts } from './expiries.ts'
import { digest } from './key.ts'

export interface Session {
  /** Ms since 1970. */
  readonly expiresAt: number
  /** Aborts when it is signed out or expires, with the GatewayError that says so. */
  readonly ended: AbortSignal
}

export interface NewSession {
  /** For the cookie; told this once. */
  readonly secret: string
  readonly expiresAt: number
}

export interface Sessions {
  /** Throws GatewayError `store_unusable`: then there is no session. */
  open(): NewSession
  find(secret: string): Session | undefined
  /** False where there is no such session. Throws GatewayError `store_unusable` where that could not be written; it is over even so, until
   *  the gateway ends. */
  close(secret: string): boolean
  /** How many there were. Throws as `close`. */
  closeAll(): number
}

/** From the sign-in, however often it is used: the cookie's own end need never be moved, no request writes, and one that was stolen is over
 *  some day. */
const livesMs = 30 * 86_400_000
/** A further one takes the place of the oldest. */
const most = 100

interface Open {
  readonly expiresAt: number
  readonly controller: AbortController
}

export function createSessions(table: Store['sessions'], clock: Omit<ExpiriesParts, 'expired'>): Sessions {
  /** By hash, oldest first. */
  const open = new Map<string, Open>()
  // its row goes with the next sign-in
  const expiries = createExpiries({ ...clock, expired: (hash) => end(hash, signedOut('This session has expired.')) })
  const { now } = clock

  function remember(hash: string, expiresAt: number): void {
    open.set(hash, { expiresAt, controller: new AbortController() })
    expiries.watch(hash, expiresAt)
  }

  function end(hash: string, reason: GatewayError): void {
    expiries.forget(hash)
    open.get(hash)?.controller.abort(reason)
    open.delete(hash)
  }

  for (const { hash, expiresAt } of table.list()) if (expiresAt > now()) remember(hash, expiresAt)

  return {
    open() {
      for (const oldest of [...open.keys()].slice(0, Math.max(0, open.size + 1 - most))) {
        table.remove(oldest)
        end(oldest, signedOut('Many have signed in since.'))
      }
      const secret = randomBytes(32).toString('base64url')
      const hash = hashOf(secret)
      const expiresAt = now() + livesMs
      table.add({ hash, createdAt: now(), expiresAt })
      remember(hash, expiresAt)
      return { secret, expiresAt }
    },
    find(secret) {
      const found = open.get(hashOf(secret))
      if (found === undefined || found.expiresAt <= now()) return undefined
      return { expiresAt: found.expiresAt, ended: found.controller.signal }
    },
    close(secret) {
      const hash = hashOf(secret)
      end(hash, signedOut('This session was signed out.'))
      return written(() => table.remove(hash))
    },
    closeAll() {
      const hashes = [...open.keys()]
      for (const hash of hashes) end(hash, signedOut('All sessions were signed out.'))
      written(() => table.removeAll())
      return hashes.length
    },
  }
}

/** What those hear who come with a cookie that is good no more, and those whose stream its end cuts. */
export function signedOut(why: string): GatewayError {
  return new GatewayError(
    'invalid_api_key',
    `${why} Sign in again at /admin/sign-in, with the admin token or the link that mlx-gateway admin prints.`,
  )
}

function hashOf(secret: string): string {
  return digest(secret).toString('hex')
}

function written<T>(write: () => T): T {
  try {
    return write()
  } catch (thrown) {
    throw new GatewayError(
      'store_unusable',
      `Signed out for now, yet after a restart it would be signed in again: that could not be written. ${messageOf(thrown)}`,
      { cause: thrown },
    )
  }
}
