import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/store/store.ts'
import { storeFolder, type StoreFolder } from '../../fixtures/store-folder.ts'
import { key, profile } from '../../unit/store/rows.ts'

let directory: string
let database: string
let marker: string
let open: StoreFolder['open']

beforeEach(() => {
  ;({ directory, open } = storeFolder())
  database = join(directory, 'gateway.db')
  marker = join(directory, 'keys-were-made')
})

/** What is left of a data directory whose gateway was killed and whose -wal file was lost. */
function withoutWal(): string {
  const left = mkdtempSync(join(directory, 'left-'))
  for (const name of ['gateway.db', 'keys-were-made']) copyFileSync(join(directory, name), join(left, name))
  return left
}

const unmarked = () => !readdirSync(directory).includes('keys-were-made')
const lost = (words: string) =>
  expect.objectContaining({
    code: 'store_unusable',
    message: expect.stringMatching(new RegExp(`lost.*${words}.*backup.*delete ${marker}`)),
  })

describe('what was acknowledged does not depend on the -wal file', () => {
  it('neither a key', () => {
    open().keys.add(key('a'))
    expect(open(withoutWal()).keys.list()).toEqual([key('a')])
  })

  it('nor its revocation', () => {
    const { keys } = open()
    keys.add(key('a'))
    keys.revoke('a', 2_000)
    expect(open(withoutWal()).keys.list()).toEqual([key('a', { revokedAt: 2_000 })])
  })

  it('nor the tables themselves', () => {
    const store = open()
    writeFileSync(marker, '')
    expect(store.keys.list()).toEqual([])
    expect(open(withoutWal()).keys.list()).toEqual([])
  })

  it('nor a profile that was made, replaced or removed', () => {
    const { profiles } = open()
    writeFileSync(marker, '')
    profiles.add(profile('small'))
    expect(open(withoutWal()).profiles.list()).toEqual([profile('small')])
    profiles.replace('small', profile('smaller'))
    expect(open(withoutWal()).profiles.list()).toEqual([profile('smaller')])
    profiles.remove('smaller')
    expect(open(withoutWal()).profiles.list()).toEqual([])
  })

  it('yet it is acknowledged where somebody who reads keeps it there', () => {
    const { keys } = open()
    const reader = new Sqlite(database)
    reader.exec('BEGIN; SELECT * FROM keys')
    keys.add(key('a'))
    expect(keys.list()).toEqual([key('a')])
    reader.close()
  })
})

describe('the marker', () => {
  it('1: is not there while no key was made', () => {
    expect(open().keys.everMade()).toBe(false)
    expect(unmarked()).toBe(true)
  })

  it('2: is written again where somebody took it away and there is a key, be it revoked', () => {
    const { keys } = open()
    keys.add(key('a'))
    keys.revoke('a', 2_000)
    rmSync(marker)
    expect(open().keys.everMade()).toBe(true)
    expect(unmarked()).toBe(false)
  })

  it('3: is there with the first key, for its owner alone, and says what it is for', () => {
    const { keys } = open()
    keys.add(key('a'))
    expect(keys.everMade()).toBe(true)
    expect(statSync(marker).mode & 0o777).toBe(0o600)
    expect(readFileSync(marker, 'utf8')).toContain('/v1 asks for one')
    expect(open().keys.everMade()).toBe(true)
  })

  it('4: says that keys were made where an older database has none', () => {
    openStore(directory).close()
    writeFileSync(marker, '')
    const { keys } = open()
    expect([keys.list(), keys.everMade()]).toEqual([[], true])
  })

  it.each([
    { how: 'missing', words: 'is missing or empty', lose: () => rmSync(database) },
    { how: 'empty', words: 'is missing or empty', lose: () => writeFileSync(database, '') },
    {
      how: 'without tables',
      words: 'has no tables',
      lose() {
        rmSync(database)
        new Sqlite(database).exec('VACUUM').close()
      },
    },
  ])('5: refuses a database that is $how, until a person takes the marker away', ({ words, lose }) => {
    const store = openStore(directory)
    store.keys.add(key('a'))
    store.close()
    lose()
    expect(() => openStore(directory)).toThrow(lost(words))
    expect(() => openStore(directory)).toThrow(lost(words))
    rmSync(marker)
    const { keys } = open()
    expect([keys.list(), keys.everMade()]).toEqual([[], false])
  })

  it('5: changes nothing then, not even a -wal file of which something may yet be saved', () => {
    writeFileSync(marker, '')
    writeFileSync(database, '')
    writeFileSync(`${database}-wal`, 'what may yet be saved')
    expect(() => openStore(directory)).toThrow(lost('is missing or empty'))
    const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.map(({ name }) => [name, statSync(join(directory, name)).size]).toSorted()).toEqual([
      ['gateway.db', 0],
      ['gateway.db-wal', 21],
      ['keys-were-made', 0],
    ])
  })

  it('goes again with a first key that could not be stored, and stays where there were others', () => {
    const { keys } = open()
    const broken = key('a', { createdAt: Number.NaN })
    expect(() => keys.add(broken)).toThrow('NOT NULL')
    expect([keys.everMade(), unmarked()]).toEqual([false, true])
    keys.add(key('a'))
    expect(() => keys.add(key('b', { createdAt: Number.NaN }))).toThrow('NOT NULL')
    expect([keys.everMade(), unmarked()]).toEqual([true, false])
  })

  it('that a person made meanwhile stays, whatever becomes of the first key', () => {
    const { keys } = open()
    writeFileSync(marker, '')
    expect(() => keys.add(key('a', { createdAt: Number.NaN }))).toThrow('NOT NULL')
    expect([keys.everMade(), unmarked()]).toEqual([true, false])
  })

  it('that cannot be written is no key', () => {
    const gone = join(directory, 'gone')
    const { keys } = open(gone)
    rmSync(gone, { recursive: true })
    const refusal = { code: 'store_unusable', message: expect.stringContaining('keys-were-made cannot be written') }
    expect(() => keys.add(key('a'))).toThrow(expect.objectContaining(refusal))
    expect([keys.list(), keys.everMade()]).toEqual([[], false])
  })
})
