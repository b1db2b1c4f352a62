import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../../src/store/database.ts'
import { sql } from '../../../src/store/drizzle.ts'
import { refusalOf } from '../../../src/store/refusal.ts'
import { createTables, type Tables } from '../../../src/store/tables.ts'
import { key, profile, request } from '../../unit/store/rows.ts'

const child = { nonce: 'n', profile: 'small', port: 4_000, pid: null, startTime: null, createdAt: 1 }
const complaint = (code: string) => refusalOf('gateway.db', new Sqlite.SqliteError('its words', code))
const refused = (words: string) =>
  expect.objectContaining({ code: 'store_unusable', message: expect.stringContaining(words) })

describe('behind every door', () => {
  let directory: string
  let database: Database
  let tables: ReturnType<typeof createTables>

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mlx-gateway-refusal-'))
    database = openDatabase(directory)
    tables = createTables(database)
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true })
  })

  describe('a full disk', () => {
    const large = 'x'.repeat(100_000)
    beforeEach(() => database.durable.get(sql`PRAGMA max_page_count = 1`))

    it('keeps no half of a key, and leaves open what was open', () => {
      const { keys } = tables
      expect(() => keys.add(key('a', { name: large }))).toThrow(
        refused('The disk is full: gateway.db cannot be written. Make room'),
      )
      expect([keys.list(), keys.byHash('hash of a'), keys.everMade()]).toEqual([[], undefined, false])
      keys.add(key('a'))
      expect([keys.list(), keys.everMade()]).toEqual([[key('a')], true])
    })

    it('keeps no half of a profile', () => {
      const { profiles } = tables
      profiles.add(profile('small'))
      expect(() => profiles.add(profile('big', large))).toThrow(refused('The disk is full'))
      expect(() => profiles.replace('small', profile('smaller', large))).toThrow(refused('The disk is full'))
      expect(profiles.list()).toEqual([profile('small')])
    })
  })

  describe('a disk that takes nothing', () => {
    beforeEach(() => {
      tables.keys.add(key('a'))
      for (const one of [database.durable, database.relaxed]) one.run(sql`PRAGMA query_only = ON`)
    })

    it.each<[string, (tables: Tables) => unknown]>([
      ['keys.add', ({ keys }) => keys.add(key('b'))],
      ['keys.revoke', ({ keys }) => keys.revoke('a', 2)],
      ['profiles.add', ({ profiles }) => profiles.add(profile('small'))],
      ['profiles.replace', ({ profiles }) => profiles.replace('small', profile('small'))],
      ['profiles.remove', ({ profiles }) => profiles.remove('small')],
      ['children.add', ({ children }) => children.add(child)],
      ['children.started', ({ children }) => children.started('n', 77, 'boot/123')],
      ['children.remove', ({ children }) => children.remove('n')],
      ['modelFacts.set', ({ modelFacts }) => modelFacts.set({ path: '/m', fingerprint: '1', facts: '{}' })],
      ['requests.add', ({ requests }) => requests.add([request('r', 1)])],
      ['requests.prune', ({ requests }) => requests.prune(2)],
    ])('refuses %s in words, and can still be read', (_, write) => {
      expect(() => write(tables)).toThrow(
        refused('gateway.db cannot be written (attempt to write a readonly database)'),
      )
      expect(tables.keys.list()).toEqual([key('a')])
    })

    it('refuses to note when a key was used, and forgets none of it', () => {
      const { keys, requests } = tables
      keys.used('a', 5_000)
      expect(() => requests.add([])).toThrow(refused('cannot be written'))
      database.relaxed.run(sql`PRAGMA query_only = OFF`)
      requests.add([])
      expect(createTables(database).keys.list()).toEqual([{ ...key('a'), lastUsedAt: 5_000 }])
    })

    it('does not keep the store from closing', () => {
      tables.keys.used('a', 5_000)
      expect(() => tables.lastWords()).not.toThrow()
    })
  })
})

describe('SQLite’s complaints', () => {
  it.each([
    ['SQLITE_FULL', 'Make room'],
    ['SQLITE_IOERR_WRITE', 'The disk refuses: gateway.db cannot be read or written (its words)'],
    ['SQLITE_READONLY_DBMOVED', 'permissions'],
    ['SQLITE_CANTOPEN', 'permissions'],
    ['SQLITE_BUSY_SNAPSHOT', 'Another program holds gateway.db (its words)'],
    ['SQLITE_CORRUPT_VTAB', 'backup'],
    ['SQLITE_NOTADB', 'is not a database'],
  ])('of %s are told with what to do', (code, words) => {
    expect(complaint(code)).toEqual(refused(words))
  })

  it.each(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_ERROR', 'SQLITE_MISUSE'])('of %s are faults of ours', (code) => {
    expect(complaint(code)).toBeUndefined()
    expect(refusalOf('gateway.db', new TypeError('x'))).toBeUndefined()
  })

  it('are found within what drizzle makes of them', () => {
    const cause = new Sqlite.SqliteError('its words', 'SQLITE_FULL')
    expect(refusalOf('gateway.db', new Error('Failed to run the query', { cause }))).toEqual(
      refused('The disk is full'),
    )
  })
})
