import { beforeEach, describe, expect, it } from 'vitest'
import { createAccess, type Access, type NewKey } from '../../../src/access/access.ts'
import { GatewayError } from '../../../src/errors.ts'
import type { KeyRow, Store } from '../../../src/store/store.ts'
import { sessionTable } from './session-table.ts'

const adminToken = 'mgw_admin_0123456789abcdef'
const doors = ['inference', 'metrics', 'admin'] as const
const refused = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) })
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

let rows: KeyRow[]
/** Whether a key was ever made, for all the store knows beside its rows. */
let made: boolean
let full: boolean
let clock: number
/** What was asked to be called later, and is not cancelled. */
let timers: { readonly run: () => void; readonly ms: number }[]

beforeEach(() => {
  rows = []
  made = false
  full = false
  clock = 1_000
  timers = []
})

function later(run: () => void, ms: number): () => void {
  const timer = { run, ms }
  timers.push(timer)
  return () => void (timers = timers.filter((one) => one !== timer))
}

/** Lets the time of the only timer pass. */
function wind(): void {
  const [timer, ...others] = timers
  expect(others).toEqual([])
  timers = []
  clock += timer?.ms ?? 0
  timer?.run()
}

/** What the store does, in memory. */
const keys: Store['keys'] = {
  everMade: () => made || rows.length > 0,
  list: () => rows,
  byHash: (hash) => rows.find((row) => row.hash === hash),
  add: (row) => void rows.push(row),
  revoke(id, revokedAt) {
    if (full) throw new GatewayError('store_unusable', 'The disk is full.')
    const live = rows.some((row) => row.id === id && row.revokedAt === null)
    if (live) rows = rows.map((row) => (row.id === id ? { ...row, revokedAt } : row))
    return live
  },
  used(id, lastUsedAt) {
    rows = rows.map((row) => (row.id === id ? { ...row, lastUsedAt } : row))
  },
}

function access(options: { required?: boolean; loopback?: boolean } = {}): Access {
  const { loopback = true } = options
  const settings = { required: options.required }
  return createAccess({ keys, sessions: sessionTable(), settings, adminToken, now: () => clock, later, loopback })
}

const wanted = (more: Partial<NewKey> = {}): NewKey => ({
  name: 'laptop',
  scopes: ['inference'],
  models: null,
  expiresAt: null,
  ...more,
})

describe('on loopback without keys', () => {
  it('anyone may infer and see metrics, and only the admin token opens the admin door', () => {
    const { authenticate } = access()
    expect(authenticate({}, 'inference')).toMatchObject({ keyId: null, name: 'anyone' })
    expect(authenticate({}, 'metrics')).toMatchObject({ name: 'anyone' })
    expect(() => authenticate({}, 'admin')).toThrow(refused('invalid_api_key', 'admin-token'))
    expect(() => authenticate(bearer('mgw_wrong'), 'admin')).toThrow(refused('invalid_api_key', 'admin-token'))
    expect(() => authenticate(bearer('not-needed'), 'admin')).toThrow(refused('invalid_api_key'))
    expect(authenticate(bearer(adminToken), 'admin')).toMatchObject({ keyId: null, name: 'admin' })
  })

  it('the placeholder that an SDK insists on sending is let pass, a wrong key of ours is not', () => {
    const { authenticate } = access()
    expect(authenticate(bearer('not-needed'), 'inference')).toMatchObject({ name: 'anyone' })
    expect(authenticate({ 'x-api-key': 'sk-x' }, 'inference')).toMatchObject({ name: 'anyone' })
    expect(() => authenticate(bearer('mgw_wrong'), 'inference')).toThrow(refused('invalid_api_key', 'not a valid key'))
  })

  it('anyone may use every model', () => {
    expect(access().authenticate({}, 'inference').mayUse('whatever')).toBe(true)
  })
})

describe('a key is required', () => {
  it.each(doors)('at the %s door once auth.required says so', (door) => {
    const { authenticate } = access({ required: true })
    expect(() => authenticate({}, door)).toThrow(refused('invalid_api_key', 'A key is needed'))
    expect(() => authenticate(bearer('not-needed'), door)).toThrow(refused('invalid_api_key'))
  })

  it.each(doors)('at the %s door as soon as one exists, made here or elsewhere', (door) => {
    const here = access()
    const elsewhere = access()
    here.authenticate({}, 'inference')
    elsewhere.createKey(wanted())
    expect(() => here.authenticate({}, door)).toThrow(refused('invalid_api_key'))
    expect(() => elsewhere.authenticate({}, door)).toThrow(refused('invalid_api_key'))
  })

  it('still after the last key was revoked', () => {
    const one = access()
    one.revoke(one.createKey(wanted()).key.id)
    expect(() => one.authenticate({}, 'inference')).toThrow(refused('invalid_api_key'))
    expect(() => access().authenticate({}, 'inference')).toThrow(refused('invalid_api_key'))
  })

  it('where keys were made and the store has lost them', () => {
    made = true
    expect(() => access().authenticate({}, 'inference')).toThrow(refused('invalid_api_key', 'A key is needed'))
    const { createKey, authenticate } = access()
    const { secret, key } = createKey(wanted())
    expect(authenticate(bearer(secret), 'inference').keyId).toBe(key.id)
  })

  it('not at all where auth.required says no, though one that is shown must be good', () => {
    const { authenticate, createKey } = access({ required: false })
    createKey(wanted())
    expect(authenticate({}, 'inference')).toMatchObject({ name: 'anyone' })
    expect(() => authenticate(bearer('mgw_wrong'), 'inference')).toThrow(refused('invalid_api_key'))
  })

  it('always where others can reach the gateway, whatever auth.required says', () => {
    const { authenticate } = access({ loopback: false, required: false })
    expect(() => authenticate({}, 'inference')).toThrow(refused('invalid_api_key'))
    expect(() => authenticate({}, 'metrics')).toThrow(refused('invalid_api_key'))
    expect(() => authenticate(bearer('not-needed'), 'inference')).toThrow(refused('invalid_api_key'))
  })
})

describe('a key', () => {
  it('is told once; only its hash is kept', () => {
    const { createKey, list } = access()
    const { secret, key } = createKey(wanted({ name: 'laptop', expiresAt: 9_000 }))
    expect(secret).toMatch(/^mgw_[A-Za-z0-9_-]{43}$/)
    expect(key).toMatchObject({
      name: 'laptop',
      scopes: ['inference'],
      models: null,
      createdAt: 1_000,
      expiresAt: 9_000,
    })
    expect(list()).toEqual([key])
    expect(JSON.stringify([list(), rows])).not.toContain(secret)
    expect(secret.startsWith(key.hint)).toBe(true)
    expect(key.hint).toHaveLength(8)
    expect(createKey(wanted()).secret).not.toBe(secret)
  })

  it('opens with either header, and its use is remembered', () => {
    const { authenticate, createKey, list } = access()
    const { secret, key } = createKey(wanted())
    const identity = { keyId: key.id, name: 'laptop' }
    expect(authenticate(bearer(secret), 'inference')).toMatchObject(identity)
    clock = 2_000
    expect(authenticate({ 'x-api-key': secret }, 'inference')).toMatchObject(identity)
    expect(list()[0]?.lastUsedAt).toBe(2_000)
  })

  it.each([
    { scope: 'inference', opens: ['inference'] },
    { scope: 'metrics', opens: ['metrics'] },
    { scope: 'admin', opens: doors },
  ] as const)('with scope $scope opens $opens and no other door', ({ scope, opens }) => {
    const { authenticate, createKey } = access()
    const { secret, key } = createKey(wanted({ scopes: [scope] }))
    for (const door of doors.filter((door) => opens.some((open) => open === door))) {
      expect(authenticate(bearer(secret), door).keyId).toBe(key.id)
    }
    for (const door of doors.filter((door) => !opens.some((open) => open === door))) {
      expect(() => authenticate(bearer(secret), door)).toThrow(refused('permission_denied', `needs scope "${door}"`))
    }
  })

  it('with a list of models may use those alone', () => {
    const { authenticate, createKey } = access()
    const identity = authenticate(bearer(createKey(wanted({ models: ['small', 'o/m'] })).secret), 'inference')
    expect([identity.mayUse('small'), identity.mayUse('o/m')]).toEqual([true, true])
    expect([identity.mayUse('Small'), identity.mayUse('big'), identity.mayUse('')]).toEqual([false, false, false])
  })

  it('expires on the moment, remembered or not', () => {
    const { authenticate, createKey } = access()
    const { secret } = createKey(wanted({ expiresAt: 5_000 }))
    clock = 4_999
    authenticate(bearer(secret), 'inference')
    clock = 5_000
    expect(() => authenticate(bearer(secret), 'inference')).toThrow(refused('invalid_api_key', 'expired'))
  })

  it('ends what is under way with it on the moment it expires, though a nearer one was used later', () => {
    const { authenticate, createKey } = access()
    const use = (expiresAt: number | null) =>
      authenticate(bearer(createKey(wanted({ expiresAt })).secret), 'inference').revoked
    const [far, near, never] = [use(9_000), use(5_000), use(null)]
    const ended = () => [far, near, never].map(({ aborted }) => aborted)
    expect([timers.map(({ ms }) => ms), ended()]).toEqual([[4_000], [false, false, false]])
    wind()
    expect([clock, ended()]).toEqual([5_000, [false, true, false]])
    expect(near.reason).toEqual(refused('invalid_api_key', 'expired'))
    wind()
    expect([clock, ended(), timers]).toEqual([9_000, [true, true, false], []])
  })

  it('that expires in a year ends in time though the clock was set, and one that is revoked waits for nothing', () => {
    const { authenticate, createKey, revoke } = access()
    const year = 365 * 86_400_000
    const { secret, key } = createKey(wanted({ expiresAt: clock + year }))
    const { revoked } = authenticate(bearer(secret), 'inference')
    for (let i = 0; i < 3; i++) wind()
    expect([clock, revoked.aborted]).toEqual([181_000, false])
    clock += year
    wind()
    expect([revoked.aborted, timers]).toEqual([true, []])

    const other = createKey(wanted({ expiresAt: clock + year }))
    authenticate(bearer(other.secret), 'inference')
    expect(timers).toHaveLength(1)
    revoke(other.key.id)
    expect([timers, revoke(key.id)]).toEqual([[], true])
  })

  it.each([
    { of: { name: ' ' }, param: 'name' },
    { of: { name: 'a\nb' }, param: 'name' },
    { of: { name: 'x'.repeat(101) }, param: 'name' },
    { of: { scopes: [] }, param: 'scopes' },
    { of: { models: [] }, param: 'models' },
    { of: { models: [''] }, param: 'models' },
    { of: { expiresAt: 1_000 }, param: 'expiresAt' },
    { of: { expiresAt: Number.NaN }, param: 'expiresAt' },
  ])('is not made of $of', ({ of, param }) => {
    const one = access()
    expect(() => one.createKey(wanted(of))).toThrow(expect.objectContaining({ code: 'invalid_request', param }))
    expect(one.list()).toEqual([])
  })
})

describe('revoking', () => {
  it('shuts every door at once and ends the streams under way, of that key alone', () => {
    const { authenticate, createKey, revoke, list } = access()
    const lost = createKey(wanted({ name: 'lost' }))
    const kept = createKey(wanted({ name: 'kept' }))
    const streams = [1, 2].map(() => authenticate(bearer(lost.secret), 'inference').revoked)
    const other = authenticate(bearer(kept.secret), 'inference').revoked
    const admin = authenticate(bearer(adminToken), 'inference').revoked
    clock = 3_000
    expect(revoke(lost.key.id)).toBe(true)
    expect(streams.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(streams[0]?.reason).toEqual(refused('invalid_api_key', 'revoked'))
    expect([other.aborted, admin.aborted]).toEqual([false, false])
    expect(() => authenticate(bearer(lost.secret), 'inference')).toThrow(refused('invalid_api_key', 'revoked'))
    expect(authenticate(bearer(kept.secret), 'inference').keyId).toBe(kept.key.id)
    expect(
      list()
        .map(({ revokedAt }) => revokedAt)
        .toSorted(),
    ).toEqual([3_000, null])
  })

  it('that cannot be written holds until the gateway ends, says so, and can be done once more', () => {
    const { authenticate, createKey, revoke } = access()
    const { secret, key } = createKey(wanted())
    const { revoked } = authenticate(bearer(secret), 'inference')
    const shut = refused('invalid_api_key', 'revoked')
    full = true
    expect(() => revoke(key.id)).toThrow(refused('store_unusable', 'after a restart'))
    expect(() => revoke(key.id)).toThrow(refused('store_unusable', 'The disk is full.'))
    expect(revoked).toMatchObject({ aborted: true, reason: shut })
    expect(() => authenticate(bearer(secret), 'inference')).toThrow(shut)
    expect(access().authenticate(bearer(secret), 'inference').keyId).toBe(key.id)
    full = false
    expect(revoke(key.id)).toBe(true)
    expect(() => access().authenticate(bearer(secret), 'inference')).toThrow(shut)
  })

  it('says whether there was a key to revoke', () => {
    const { createKey, revoke } = access()
    const { key } = createKey(wanted())
    expect([revoke('nobody'), revoke(key.id), revoke(key.id)]).toEqual([false, true, false])
  })
})
