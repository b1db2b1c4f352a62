/** drizzle-orm, loaded as CommonJS: for its ES modules node parses a package.json of 178 KB once a file, which takes half a second and
 *  leaves 180 MB behind. */
import { createRequire } from 'node:module'

// drizzle-kit, which reads the schema, runs this file as CommonJS, where there is no import.meta
const load = createRequire(import.meta.url ?? __filename)

const orm: typeof import('drizzle-orm') = load('drizzle-orm')
const core: typeof import('drizzle-orm/sqlite-core') = load('drizzle-orm/sqlite-core')
const driver: typeof import('drizzle-orm/better-sqlite3') = load('drizzle-orm/better-sqlite3')
const forward: typeof import('drizzle-orm/better-sqlite3/migrator') = load('drizzle-orm/better-sqlite3/migrator')
const files: typeof import('drizzle-orm/migrator') = load('drizzle-orm/migrator')

export const { and, asc, desc, eq, getTableColumns, getTableName, isNotNull, isNull, lt, or, sql } = orm
export const { index, integer, sqliteTable, text } = core
export const { drizzle } = driver
export const { migrate } = forward
export const { readMigrationFiles } = files
export type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
