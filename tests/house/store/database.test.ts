import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../../src/store/database.ts'
import { sql } from '../../../src/store/drizzle.ts'
import * as schema from '../../../src/store/schema.ts'

const core: typeof import('drizzle-orm/sqlite-core') = createRequire(import.meta.url)('drizzle-orm/sqlite-core')
const { getTableConfig, SQLiteTable } = core

let directory: string
let database: Database

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mlx-gateway-database-'))
  database = openDatabase(directory)
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true })
})

const tables = Object.values(schema).filter((table) => table instanceof SQLiteTable)
const pragma = (connection: Database['durable'], name: string) => connection.get(sql.raw(`PRAGMA ${name}`))

it('waits for the disk where that was promised, and only there', () => {
  expect(pragma(database.durable, 'journal_mode')).toEqual({ journal_mode: 'wal' })
  expect(pragma(database.durable, 'synchronous')).toEqual({ synchronous: 2 })
  expect(pragma(database.relaxed, 'synchronous')).toEqual({ synchronous: 1 })
  expect(pragma(database.relaxed, 'checkpoint_fullfsync')).toEqual({ checkpoint_fullfsync: 1 })
})

it('waits for another program only with what cannot be tried again: all requests wait meanwhile', () => {
  expect(pragma(database.durable, 'busy_timeout')).toEqual({ timeout: 5_000 })
  expect(pragma(database.relaxed, 'busy_timeout')).toEqual({ timeout: 100 })
})

it('has migrations for every table of the schema and for no other', () => {
  const names = database.durable.all<{ name: string }>(
    sql`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name`,
  )
  expect(names.map(({ name }) => name)).toEqual(tables.map((table) => getTableConfig(table).name).toSorted())
})

it.each(tables.map((table) => [getTableConfig(table).name, getTableConfig(table)] as const))(
  'has migrations that make %s as the schema says (else: npm run migrations)',
  (name, { columns, indexes }) => {
    const declared = columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      notnull: Number(column.notNull),
      pk: Number(column.primary),
    }))
    const made = database.durable.all(sql.raw(`SELECT name, type, "notnull", pk FROM pragma_table_info('${name}')`))
    // a column that came later is the last of its table, wherever the schema has it
    expect(made).toHaveLength(declared.length)
    expect(made).toEqual(expect.arrayContaining(declared))

    const unique = columns.filter((column) => column.isUnique).map((column) => column.uniqueName)
    const declaredIndexes = [...indexes.map((index) => index.config.name), ...unique]
    const madeIndexes = database.durable.all<{ name: string }>(
      sql.raw(`SELECT name FROM pragma_index_list('${name}') WHERE origin = 'c'`),
    )
    expect(madeIndexes.map((index) => index.name).toSorted()).toEqual(declaredIndexes.toSorted())
  },
)
