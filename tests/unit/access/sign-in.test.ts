import { beforeEach, describe, expect, it } from 'vitest'
import { createAccess, type Access } from '../../../src/access/access.ts'
import type { Store } from '../../../src/store/store.ts'
import { sessionTable, type SessionTable } from './session-table.ts'

const adminToken = 'mgw_admin_0123456789abcdef'
const minute = 60_000
const month = 30 * 86_400_000
const refused = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) })
const cookie = (secret: string, more = {}) => ({
  cookie: `mlx_gateway_session=${secret}`,
  host: 'localhost:8090',
  ...more,
})
const token = { token: adminToken }

let table: SessionTable
let clock: number
let timers: { readonly run: () => void; readonly ms: number }[]

beforeEach(() => {
  table = sessionTable()
  clock = 1_000
  timers = []
})

function later(run: () => void, ms: number): () => void {
  const timer = { run, ms }
  timers.push(timer)
  return () => void (timers = timers.filter((one) => one !== timer))
}

/** No key was ever made. */
const keys: Store['keys'] = {
  everMade: () => false,
  list: () => [],
  byHash: () => undefined,
  add() {},
  revoke: () => false,
  used() {},
}

/** As after a start: what was signed in before still is. */
function access(settings: { required?: boolean } = {}): Access {
  const { required } = settings
  return createAccess({
    keys,
    sessions: table,
    settings: { required },
    adminToken,
    now: () => clock,
    later,
    loopback: true,
  })
}

const signIn = (one: Access) => one.signIn(token, 'here').secret

describe('signing in', () => {
  it('takes the admin token, and opens every door by cookie for 30 days', () => {
    const one = access({ required: true })
    const { secret, expiresAt } = one.signIn(token, 'here')
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(expiresAt).toBe(1_000 + month)
    for (const door of ['admin', 'inference', 'metrics'] as const) {
      const identity = one.authenticate(cookie(secret), door)
      expect(identity).toMatchObject({ keyId: null, name: 'admin', expiresAt })
      expect(identity.mayUse('whatever')).toBe(true)
    }
    expect(signIn(one)).not.toBe(secret)
  })

  it('keeps of the cookie nothing but its hash, and outlasts a restart', () => {
    const secret = signIn(access())
    expect(table.list()).toHaveLength(1)
    expect(JSON.stringify(table.list())).not.toContain(secret)
    expect(access().authenticate(cookie(secret), 'admin').name).toBe('admin')
  })

  it('takes nothing but the admin token', () => {
    const one = access()
    expect(() => one.signIn({ token: `${adminToken}x` }, 'here')).toThrow(refused('invalid_api_key', 'admin-token'))
    expect(() => one.signIn({ token: signIn(one) }, 'here')).toThrow(refused('invalid_api_key'))
  })

  it('that cannot be stored does not happen', () => {
    table.full = true
    const one = access()
    expect(() => one.signIn(token, 'here')).toThrow(refused('store_unusable'))
    table.full = false
    expect(one.signOutAll()).toBe(0)
  })

  it('beyond a hundred sessions ends the oldest', () => {
    const one = access()
    const secrets = Array.from({ length: 100 }, () => signIn(one))
    const [first = '', second = ''] = secrets
    const { revoked } = one.authenticate(cookie(first), 'admin')
    expect(revoked.aborted).toBe(false)
    signIn(one)
    expect(revoked.aborted).toBe(true)
    expect(() => one.authenticate(cookie(first), 'admin')).toThrow(refused('invalid_api_key', 'signed out'))
    expect(one.authenticate(cookie(second), 'admin').name).toBe('admin')
    expect(table.list()).toHaveLength(100)
  })
})

describe('a one-time code', () => {
  it('signs in once', () => {
    const one = access()
    const { code } = one.makeCode()
    expect(code).toMatch(/^[\w-]{43}$/)
    const { secret } = one.signIn({ code }, 'here')
    expect(one.authenticate(cookie(secret), 'admin').name).toBe('admin')
    expect(() => one.signIn({ code }, 'here')).toThrow(refused('invalid_api_key', 'mlx-gateway admin'))
  })

  it('is good for ten minutes, and not after a restart', () => {
    const one = access()
    const [early, late] = [one.makeCode(), one.makeCode()]
    expect(early.expiresAt).toBe(1_000 + 10 * minute)
    expect(() => access().signIn({ code: early.code }, 'here')).toThrow(refused('invalid_api_key'))
    clock += 10 * minute - 1
    one.signIn({ code: early.code }, 'here')
    clock += 1
    expect(() => one.signIn({ code: late.code }, 'here')).toThrow(refused('invalid_api_key', 'too old'))
  })

  it('is one of twenty at most: a further one takes the place of the oldest', () => {
    const one = access()
    const [first, second] = Array.from({ length: 21 }, () => one.makeCode())
    expect(() => one.signIn({ code: first?.code ?? '' }, 'here')).toThrow(refused('invalid_api_key'))
    one.signIn({ code: second?.code ?? '' }, 'here')
  })

  it('is worth nothing once everybody was signed out', () => {
    const one = access()
    const { code } = one.makeCode()
    one.signOutAll()
    expect(() => one.signIn({ code }, 'here')).toThrow(refused('invalid_api_key'))
  })
})

const guess = (one: Access) => one.signIn({ token: 'wrong' }, 'there')

function guessTen(one: Access): void {
  for (let i = 0; i < 10; i++) expect(() => guess(one)).toThrow(refused('invalid_api_key'))
}

describe('guessing', () => {
  it('is heard ten times a minute; then even the right token has to wait, and is told how long', () => {
    const one = access()
    guessTen(one)
    clock += 20_000
    const wait = expect.objectContaining({ code: 'too_many_attempts', retryAfterMs: 40_000 })
    expect(() => guess(one)).toThrow(wait)
    expect(() => one.signIn(token, 'there')).toThrow(wait)
    expect(() => one.signIn(token, 'there')).toThrow(refused('too_many_attempts', 'in 40 s'))
    clock += 40_000
    one.signIn(token, 'there')
  })

  it('keeps nobody waiting who comes from elsewhere, has a link, or is signed in', () => {
    const one = access()
    const secret = signIn(one)
    guessTen(one)
    one.signIn(token, 'here')
    one.signIn({ code: one.makeCode().code }, 'there')
    expect(one.authenticate(cookie(secret), 'admin').name).toBe('admin')
  })

  it('is forgotten once the right one comes, and where the clock was set back', () => {
    const one = access()
    for (let i = 0; i < 9; i++) expect(() => guess(one)).toThrow(refused('invalid_api_key'))
    one.signIn(token, 'there')
    guessTen(one)
    expect(() => guess(one)).toThrow(refused('too_many_attempts'))
    clock -= 10 * minute
    one.signIn(token, 'there')
  })
})

describe('the cookie', () => {
  it('that is wrong or of an ended session is nobody where nobody may ask, and told to sign in again at the admin door', () => {
    const one = access()
    const secret = signIn(one)
    expect(one.authenticate(cookie('wrong'), 'inference').name).toBe('anyone')
    expect(() => one.authenticate(cookie('wrong'), 'admin')).toThrow(refused('invalid_api_key', 'Sign in again'))
    clock += month
    expect(one.authenticate(cookie(secret), 'inference').name).toBe('anyone')
    expect(() => one.authenticate(cookie(secret), 'admin')).toThrow(refused('invalid_api_key', 'Sign in again'))
    expect(() => access({ required: true }).authenticate(cookie('wrong'), 'inference')).toThrow(
      refused('invalid_api_key', 'A key is needed'),
    )
  })

  it('does not count beside a credential in a header, good or not', () => {
    const one = access()
    const secret = signIn(one)
    const asked = (headers: object) => one.authenticate({ ...cookie(secret), ...headers }, 'admin')
    expect(asked({ authorization: `Bearer ${adminToken}` }).expiresAt).toBeNull()
    expect(() => asked({ authorization: 'Bearer wrong' })).toThrow(refused('invalid_api_key', 'not a valid key'))
    expect(() => asked({ 'x-api-key': 'wrong' })).toThrow(refused('invalid_api_key', 'not a valid key'))
  })

  it.each([
    {},
    { origin: 'http://localhost:8090' },
    { origin: 'https://localhost:8090' },
    { origin: 'http://localhost:8090', host: 'LOCALHOST:8090', 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ])('counts for the gateway’s own page: %o', (headers) => {
    const one = access()
    expect(one.authenticate(cookie(signIn(one), headers), 'admin').name).toBe('admin')
  })

  it.each([
    { origin: 'http://localhost:3000' },
    { origin: 'http://localhost' },
    { origin: 'https://chat.example' },
    { origin: 'null' },
    { origin: 'http://localhost:8090', 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin, cross-site' },
  ])('counts for nothing where a foreign page asks: %o', (headers) => {
    const one = access({ required: true })
    const sent = cookie(signIn(one), headers)
    for (const door of ['admin', 'inference'] as const)
      expect(() => one.authenticate(sent, door)).toThrow(refused('invalid_api_key', 'A key is needed'))
    expect(one.signOut(sent)).toBe(false)
  })

  it('is found among others, also behind one of its name that another program of this host has set', () => {
    const one = access()
    const secret = signIn(one)
    const sent = { ...cookie(''), cookie: `a=b; mlx_gateway_session=theirs; mlx_gateway_session=${secret};c` }
    expect(one.authenticate(sent, 'admin').name).toBe('admin')
    const other = { ...cookie(''), cookie: `not_mlx_gateway_session=${secret}` }
    expect(() => one.authenticate(other, 'admin')).toThrow(refused('invalid_api_key', 'A key is needed'))
  })
})

describe('signing out', () => {
  const over = refused('invalid_api_key', 'Sign in again')

  it('ends one session at once, its streams too, and none beside it, also after a restart', () => {
    const one = access()
    const [lost, kept] = [signIn(one), signIn(one)]
    const [ended, other] = [lost, kept].map((secret) => one.authenticate(cookie(secret), 'inference').revoked)
    expect([one.signOut(cookie(lost)), one.signOut(cookie(lost)), one.signOut({})]).toEqual([true, false, false])
    expect([ended?.aborted, other?.aborted]).toEqual([true, false])
    expect(ended?.reason).toEqual(over)
    for (const house of [one, access()]) {
      expect(() => house.authenticate(cookie(lost), 'admin')).toThrow(over)
      expect(house.authenticate(cookie(kept), 'admin').name).toBe('admin')
    }
  })

  it('everywhere ends all', () => {
    const one = access()
    const secrets = [signIn(one), signIn(one)]
    const streams = secrets.map((secret) => one.authenticate(cookie(secret), 'admin').revoked)
    expect(one.signOutAll()).toBe(2)
    expect(streams.map(({ aborted, reason }) => [aborted, reason])).toEqual([
      [true, over],
      [true, over],
    ])
    for (const house of [one, access()])
      for (const secret of secrets) expect(() => house.authenticate(cookie(secret), 'admin')).toThrow(over)
    expect([table.list(), timers]).toEqual([[], []])
  })

  it('that cannot be written holds until the gateway ends, says so, and can be done once more', () => {
    const one = access()
    const secret = signIn(one)
    table.full = true
    expect(() => one.signOut(cookie(secret))).toThrow(refused('store_unusable', 'after a restart'))
    expect(() => one.authenticate(cookie(secret), 'admin')).toThrow(over)
    expect(access().authenticate(cookie(secret), 'admin').name).toBe('admin')
    table.full = false
    expect(one.signOut(cookie(secret))).toBe(true)
    expect(() => access().authenticate(cookie(secret), 'admin')).toThrow(over)
  })
})

describe('a session that expires', () => {
  it('ends its streams on the moment', () => {
    const one = access()
    const { revoked } = one.authenticate(cookie(signIn(one)), 'admin')
    clock += month
    for (const { run } of timers) run()
    expect([revoked.aborted, revoked.reason]).toEqual([true, refused('invalid_api_key', 'expired')])
  })

  it('does not come back with a restart', () => {
    const secret = signIn(access())
    clock += month
    const one = access()
    expect(() => one.authenticate(cookie(secret), 'admin')).toThrow(refused('invalid_api_key', 'Sign in again'))
    expect(one.signOutAll()).toBe(0)
  })
})
