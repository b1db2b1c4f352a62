import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { openStore, type ChildRow } from '../../../src/store/store.ts'
import { storeFolder, type StoreFolder } from '../../fixtures/store-folder.ts'
import { key, profile, request } from '../../unit/store/rows.ts'

let directory: string
let open: StoreFolder['open']

beforeEach(() => {
  ;({ directory, open } = storeFolder())
})

describe('profiles', () => {
  it('are listed by name and survive a restart', () => {
    const first = openStore(directory)
    first.profiles.add(profile('small'))
    first.profiles.add(profile('big', '{"pinned":true}'))
    first.close()
    expect(open().profiles.list()).toEqual([profile('big', '{"pinned":true}'), profile('small')])
  })

  it('refuse a name that is taken, by a new one and by a renamed one, and keep what was there', () => {
    const { profiles } = open()
    profiles.add(profile('small', '"first"'))
    profiles.add(profile('big'))
    expect(() => profiles.add(profile('small'))).toThrow(expect.objectContaining({ code: 'conflict', param: 'name' }))
    expect(() => profiles.replace('big', profile('small'))).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(profiles.list()).toEqual([profile('big'), profile('small', '"first"')])
  })

  it('can be renamed, and say whether there was one to replace or remove', () => {
    const { profiles } = open()
    profiles.add(profile('small'))
    expect(profiles.replace('small', profile('smaller'))).toBe(true)
    expect(profiles.list()).toEqual([profile('smaller')])
    expect(profiles.replace('small', profile('smaller'))).toBe(false)
    expect(profiles.remove('small')).toBe(false)
    expect(profiles.remove('smaller')).toBe(true)
    expect(profiles.list()).toEqual([])
  })
})

describe('keys', () => {
  it('are found by their hash, revoked ones too', () => {
    const { keys } = open()
    keys.add(key('a'))
    expect(keys.byHash('hash of a')).toEqual(key('a'))
    expect(keys.byHash('hash of b')).toBeUndefined()
    expect(keys.revoke('a', 2_000)).toBe(true)
    expect(keys.byHash('hash of a')).toEqual(key('a', { revokedAt: 2_000 }))
  })

  it('are revoked once: the first time stands', () => {
    const { keys } = open()
    keys.add(key('a'))
    keys.revoke('a', 2_000)
    expect(keys.revoke('a', 3_000)).toBe(false)
    expect(keys.revoke('nobody', 3_000)).toBe(false)
    expect(keys.list()).toEqual([key('a', { revokedAt: 2_000 })])
  })

  it('show their last use at once and write it with the next requests', () => {
    const store = open()
    store.keys.add(key('a'))
    store.keys.used('a', 5_000)
    expect(store.keys.byHash('hash of a')?.lastUsedAt).toBe(5_000)
    expect(store.keys.list()).toEqual([key('a', { lastUsedAt: 5_000 })])
    const other = open()
    expect(other.keys.list()).toEqual([key('a')])
    store.requests.add([])
    expect(other.keys.list()).toEqual([key('a', { lastUsedAt: 5_000 })])
  })

  it('write their last use when the store closes', () => {
    const store = openStore(directory)
    store.keys.add(key('a'))
    store.keys.used('a', 5_000)
    store.close()
    expect(open().keys.list()).toEqual([key('a', { lastUsedAt: 5_000 })])
  })
})

describe('children', () => {
  it('are known before their pid is, and gone when removed', () => {
    const { children } = open()
    const row: ChildRow = { nonce: 'n', profile: 'small', port: 4_000, pid: null, startTime: null, createdAt: 1 }
    children.add(row)
    expect(children.list()).toEqual([row])
    children.started('n', 77, 'boot/123')
    expect(children.list()).toEqual([{ ...row, pid: 77, startTime: 'boot/123' }])
    children.remove('n')
    expect(children.list()).toEqual([])
  })
})

describe('model facts', () => {
  it('are replaced by newer ones for the same folder', () => {
    const { modelFacts } = open()
    modelFacts.set({ path: '/m', fingerprint: '1', facts: '{}' })
    modelFacts.set({ path: '/m', fingerprint: '2', facts: '{"a":1}' })
    expect(modelFacts.get('/m')).toEqual({ path: '/m', fingerprint: '2', facts: '{"a":1}' })
    modelFacts.remove('/m')
    expect(modelFacts.get('/m')).toBeUndefined()
  })
})

describe('model sizes', () => {
  it('are replaced by newer ones for the same folder', () => {
    const { modelSizes } = open()
    modelSizes.set({ path: '/m', fingerprint: '1', sizes: '{}' })
    modelSizes.set({ path: '/m', fingerprint: '2', sizes: '{"a":1}' })
    expect(modelSizes.list()).toEqual([{ path: '/m', fingerprint: '2', sizes: '{"a":1}' }])
    modelSizes.remove('/m')
    expect(modelSizes.list()).toEqual([])
  })
})

describe('pins', () => {
  it('say the last that was said of a profile, until it is forgotten', () => {
    const { pins } = open()
    pins.set({ profile: 'small', pinned: true })
    pins.set({ profile: 'other', pinned: true })
    pins.set({ profile: 'small', pinned: false })
    pins.remove('other')
    expect(open().pins.list()).toEqual([{ profile: 'small', pinned: false }])
  })
})

describe('requests', () => {
  it('tell when a profile was last asked for', () => {
    const { requests } = open()
    requests.add([request('a', 30), request('b', 10), request('c', 50, { profile: 'other' })])
    expect(['small', 'other', 'none'].map(requests.lastUsed)).toEqual([30, 50, undefined])
  })

  it('come back newest first, with every column as it was given', () => {
    const { requests } = open()
    const failed = request('b', 20, { stream: false, status: 500, error: 'server_failed', profile: null, keyId: 'k' })
    requests.add([request('a', 10), failed, request('c', 30)])
    expect(requests.recent({ limit: 2 })).toEqual([request('c', 30), failed])
    expect(requests.recent({ limit: 9, before: 20 })).toEqual([request('a', 10)])
    expect(requests.recent({ limit: 9, profile: 'small' })).toEqual([request('c', 30), request('a', 10)])
  })

  it('are found by how they ended, by their key, and by a part of a name', () => {
    const { requests } = open()
    const brokeOff = request('a', 10, { error: 'server_failed', keyId: 'k' })
    const named = request('b', 20, { model: 'Qwen_3', profile: 'coder', keyId: 'k' })
    requests.add([brokeOff, named, request('c', 30, { profile: null, model: 'none' })])
    const found = (wanted: object) => requests.recent({ limit: 9, ...wanted }).map(({ id }) => id)
    expect([found({ status: 'failed' }), found({ status: 'ok' })]).toEqual([['a'], ['c', 'b']])
    expect([found({ key: 'k' }), found({ key: 'k', status: 'ok' })]).toEqual([['b', 'a'], ['b']])
    expect([found({ model: 'WEN_' }), found({ model: 'code' }), found({ model: '%' })]).toEqual([['b'], ['b'], []])
  })

  it('are written all or none', () => {
    const { requests } = open()
    const broken = { ...request('b', 20), startedAt: Number.NaN }
    expect(() => requests.add([request('a', 10), broken])).toThrow('NOT NULL')
    expect(requests.recent({ limit: 9 })).toEqual([])
  })

  it('do not lose a batch to an id that a client used twice', () => {
    const { requests } = open()
    requests.add([request('a', 10)])
    requests.add([request('a', 11), request('b', 20)])
    expect(requests.recent({ limit: 9 })).toEqual([request('b', 20), request('a', 10)])
  })

  it('are forgotten when they are older than asked', () => {
    const { requests } = open()
    requests.add([request('a', 10), request('b', 20), request('c', 30)])
    expect(requests.prune(20)).toBe(1)
    expect(requests.recent({ limit: 9 }).map(({ id }) => id)).toEqual(['c', 'b'])
  })
})

describe('the file', () => {
  it('is closed to others, and so are its companions and a directory made for it', () => {
    const made = join(directory, 'deep', 'data')
    open(made).keys.add(key('a'))
    expect(statSync(made).mode & 0o777).toBe(0o700)
    const modes = readdirSync(made).map((name) => [name, statSync(join(made, name)).mode & 0o777])
    expect(Object.fromEntries(modes)).toEqual({
      engines: 0o700,
      'gateway.db': 0o600,
      'gateway.db-shm': 0o600,
      'gateway.db-wal': 0o600,
      'keys-were-made': 0o600,
      logs: 0o700,
    })
  })

  it('that stood open to others is closed to them', () => {
    writeFileSync(join(directory, 'gateway.db'), '', { mode: 0o644 })
    open()
    expect(statSync(join(directory, 'gateway.db')).mode & 0o777).toBe(0o600)
  })

  it('that is no database is refused and left as it is', () => {
    const file = join(directory, 'gateway.db')
    writeFileSync(file, 'these are not the bytes you are looking for'.repeat(50))
    const before = readFileSync(file)
    const refusal = {
      code: 'store_unusable',
      message: expect.stringMatching(/is not a database.*backup.*move it away/s),
    }
    expect(() => openStore(directory)).toThrow(expect.objectContaining(refusal))
    expect(readFileSync(file)).toEqual(before)
    expect(readdirSync(directory).filter((name) => name.startsWith('gateway'))).toEqual(['gateway.db'])
  })

  it('that is damaged inside is refused and left as it is', () => {
    const store = openStore(directory)
    store.requests.add(Array.from({ length: 200 }, (_, n) => request(`r${n}`, n)))
    store.close()
    const file = join(directory, 'gateway.db')
    const bytes = readFileSync(file)
    bytes.fill(0xee, 8_192)
    writeFileSync(file, bytes)
    const refusal = { code: 'store_unusable', message: expect.stringMatching(/is damaged.*backup/s) }
    expect(() => openStore(directory)).toThrow(expect.objectContaining(refusal))
    expect(readFileSync(file)).toEqual(bytes)
  })

  it('of a newer gateway is refused', () => {
    openStore(directory).close()
    const database = new Sqlite(join(directory, 'gateway.db'))
    database.exec(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 99999999999999)`)
    database.close()
    const refusal = { code: 'store_unusable', message: expect.stringContaining('Update mlx-gateway') }
    expect(() => openStore(directory)).toThrow(expect.objectContaining(refusal))
  })

  it('that cannot be made says so', () => {
    writeFileSync(join(directory, 'plain'), '')
    const refusal = { code: 'store_unusable', message: expect.stringContaining('--data') }
    expect(() => openStore(join(directory, 'plain', 'data'))).toThrow(expect.objectContaining(refusal))
  })
})
