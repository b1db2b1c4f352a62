/** Which door opens to whom. */
import { GatewayError } from '../errors.ts'
import { keyPrefix, type Key, type Scope } from './key.ts'
import { signedOut, type Session } from './sessions.ts'

/** Each door is opened by the scope of its name. */
export type Door = Scope

/** Who seems to ask. */
export type Asker =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'stranger'; readonly credential: string }
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'admin' }
  | { readonly kind: 'session'; readonly session: Session }
  /** With the cookie of a session that is over, or never was. */
  | { readonly kind: 'signedOut' }

export type Admitted =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'admin' }
  | { readonly kind: 'session'; readonly session: Session }

/** 1. The admin token opens every door, and so does whoever signed in with it.
 *  2. A key of ours opens the doors of its scopes while it is valid; scope `admin` opens all.
 *  3. A credential that is nobody's opens nothing, unless the door is open and it does not even look like a key of ours: SDKs insist on
 *     sending something (`not-needed`).
 *  4. Without a credential only open doors: never admin, the others while no key is required. A cookie that is good no more is none.
 *  Throws GatewayError `invalid_api_key` or `permission_denied`. */
export function decide(
  asker: Asker,
  door: Door,
  { keyRequired, now }: { readonly keyRequired: boolean; readonly now: number },
): Admitted {
  const open = door !== 'admin' && !keyRequired
  switch (asker.kind) {
    case 'admin': // 1
    case 'session':
      return asker
    case 'key': // 2
      checkValid(asker.key, now)
      checkScope(asker.key, door)
      return asker
    case 'stranger': // 3
      if (open && !asker.credential.startsWith(keyPrefix)) return { kind: 'anyone' }
      throw new GatewayError('invalid_api_key', `This is not a valid key. ${whatToDo(door)}`)
    case 'signedOut': // 4
    case 'nobody':
      if (open) return { kind: 'anyone' }
      if (asker.kind === 'signedOut' && door === 'admin') throw signedOut('You are signed out.')
      throw new GatewayError('invalid_api_key', `A key is needed here. ${whatToDo(door)}`)
  }
}

/** What those hear who come with a revoked key, and those whose stream it ends. */
export function revokedKey(): GatewayError {
  return new GatewayError('invalid_api_key', 'This key was revoked. Ask for a new one: mlx-gateway keys create.')
}

/** The same of a key that has expired. */
export function expiredKey(): GatewayError {
  return new GatewayError('invalid_api_key', 'This key has expired. Ask for a new one: mlx-gateway keys create.')
}

function checkValid({ revokedAt, expiresAt }: Key, now: number): void {
  if (revokedAt !== null) throw revokedKey()
  if (expiresAt !== null && expiresAt <= now) throw expiredKey()
}

function checkScope({ scopes }: Key, door: Door): void {
  if (scopes.includes(door) || scopes.includes('admin')) return
  const held = scopes.join(', ')
  throw new GatewayError('permission_denied', `This key may not do that: it needs scope "${door}" and has ${held}.`)
}

function whatToDo(door: Door): string {
  return door === 'admin'
    ? 'Send the admin token (file admin-token in the data directory) as "Authorization: Bearer …".'
    : 'Make one with mlx-gateway keys create and send it as "Authorization: Bearer …" or "x-api-key".'
}
