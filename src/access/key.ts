/** An API key: what is kept of it, and how one is made. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import type { KeyRow } from '../store/store.ts'

/** Every secret of ours begins so, which lets a stranger's be told from a wrong one of ours. */
export const keyPrefix = 'mgw_'

const scopes = ['inference', 'metrics', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** A key without its secret. Times in ms since 1970. */
export interface Key {
  readonly id: string
  readonly name: string
  /** The first characters of the secret, for people. */
  readonly hint: string
  readonly scopes: readonly Scope[]
  /** Names of models it may ask for; null: all. */
  readonly models: readonly string[] | null
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
}

export interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly models: readonly string[] | null
  readonly expiresAt: number | null
}

/** SHA-256: a secret of 256 random bits needs no slow hash. */
export function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}

/** Takes the same time wherever they differ. */
export function equalDigests(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** A fresh secret, and the row to keep of it. Throws GatewayError `invalid_request`. */
export function makeKey(wanted: NewKey, now: number): { readonly secret: string; readonly row: KeyRow } {
  check(wanted, now)
  const secret = keyPrefix + randomBytes(32).toString('base64url')
  const row: KeyRow = {
    id: `key_${randomBytes(9).toString('base64url')}`,
    name: wanted.name,
    hash: digest(secret).toString('hex'),
    hint: secret.slice(0, keyPrefix.length + 4),
    scopes: JSON.stringify(wanted.scopes),
    models: wanted.models === null ? null : JSON.stringify(wanted.models),
    createdAt: now,
    expiresAt: wanted.expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  }
  return { secret, row }
}

export function keyOf(row: KeyRow): Key {
  const { id, name, hint, createdAt, expiresAt, lastUsedAt, revokedAt } = row
  const held = listIn(row.scopes)
  const models = row.models === null ? null : listIn(row.models)
  const known = scopes.filter((scope) => held.includes(scope))
  return { id, name, hint, scopes: known, models, createdAt, expiresAt, lastUsedAt, revokedAt }
}

/** What is no list of texts allows nothing. */
function listIn(json: string): readonly string[] {
  const list: unknown = JSON.parse(json)
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []
}

function check({ name, scopes: wanted, models, expiresAt }: NewKey, now: number): void {
  if (!/^[^\p{Cc}]{1,100}$/u.test(name.trim())) throw refusal('name', 'Give the key a name of 1 to 100 characters.')
  if (wanted.length === 0 || wanted.some((scope) => !scopes.includes(scope))) {
    throw refusal('scopes', `Give the key one or more of these scopes: ${scopes.join(', ')}.`)
  }
  if (models !== null && (models.length === 0 || models.includes(''))) {
    throw refusal('models', 'Name at least one model, or leave models out to allow all.')
  }
  if (expiresAt !== null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    throw refusal('expiresAt', 'A key must expire in the future.')
  }
}

function refusal(param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', message, { param })
}
