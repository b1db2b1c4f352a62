/** What keeps a gateway from starting is said in one line that says what to do, and ends it with 1. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../../src/store/store.ts'
import { key } from '../../unit/store/rows.ts'
import { runCli } from '../../fixtures/run-cli.ts'

const faults: readonly { what: string; words: RegExp; make(data: string): void }[] = [
  {
    what: 'a data directory that is a file',
    words: /^error: The data directory \S+ cannot be used \(EEXIST.*--data/,
    make: (data) => writeFileSync(data, ''),
  },
  {
    what: 'a data directory that leads nowhere',
    words: /^error: The data directory \S+ cannot be used .*--data/,
    make: (data) => symlinkSync('/no/such/folder', data),
  },
  {
    what: 'a folder in the place of the lock',
    words: /gateway\.lock cannot be locked .*must be writable/,
    make: (data) => mkdirSync(join(data, 'gateway.lock'), { recursive: true }),
  },
  {
    what: 'a folder in the place of the pid file',
    words: /gateway\.pid cannot be written .*See to its permissions/,
    make: (data) => mkdirSync(join(data, 'gateway.pid'), { recursive: true }),
  },
  {
    what: 'a folder in the place of its address',
    words: /gateway\.json cannot be written .*See to its permissions/,
    make: (data) => mkdirSync(join(data, 'gateway.json'), { recursive: true }),
  },
  {
    what: 'a folder in the place of the database',
    words: /gateway\.db cannot be written .*See to its permissions/,
    make: (data) => mkdirSync(join(data, 'gateway.db'), { recursive: true }),
  },
  {
    what: 'a database that is none',
    words: /gateway\.db is not a database\. Nothing was changed\. Put a backup/,
    make(data) {
      mkdirSync(data)
      writeFileSync(join(data, 'gateway.db'), 'these are not the bytes you are looking for'.repeat(50))
    },
  },
  {
    what: 'a database that another program has locked',
    words: /^error: Another program holds \S+gateway\.db .*End that program/,
    make(data) {
      openStore(data).close()
      const other = new Sqlite(join(data, 'gateway.db'))
      other.pragma('locking_mode = EXCLUSIVE')
      other.exec('BEGIN EXCLUSIVE')
      onTestFinished(() => void other.close())
    },
  },
  {
    what: 'a database that has lost its keys',
    words: /^error: API keys were made in \S+, and they are lost: .*Put a backup .*delete \S+keys-were-made/,
    make(data) {
      const store = openStore(data)
      store.keys.add(key('a'))
      store.close()
      writeFileSync(join(data, 'gateway.db'), '')
    },
  },
]

test.each(faults)('$what', async ({ words, make }) => {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-gateway-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const data = join(folder, 'data')
  const config = join(folder, 'config.yaml')
  writeFileSync(config, 'models: { huggingfaceCache: false, lmStudio: false, starter: false }')
  make(data)
  const { code, out, err } = await runCli(['serve', '--data', data, '--config', config, '--port', '0'])
  expect([code, out, err]).toEqual([1, '', expect.stringMatching(words)])
  expect(err).toMatch(/^error: [^\n]+\n$/)
})
