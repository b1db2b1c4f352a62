/** The SQLite file: opened, checked, brought up to date. */
import { chmodSync, closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { GatewayError, messageOf } from '../errors.ts'
import { drizzle, migrate, readMigrationFiles, type BetterSQLite3Database } from './drizzle.ts'
import { makeDataDirectory } from './directory.ts'

const migrationsFolder = join(import.meta.dirname, 'migrations')
const busyTimeoutMs = 5_000

/** Two connections to one file. */
export interface Database {
  /** What it was told is on disk before it returns. */
  readonly durable: BetterSQLite3Database
  /** What it was told survives the process, though perhaps not a power cut; spares the wait for the disk. */
  readonly relaxed: ReturnType<typeof drizzle<Record<string, never>>>
  close(): void
}

/** Throws GatewayError `store_unusable` for a file that is damaged, foreign, of a newer version or not writable. */
export function openDatabase(dataDirectory: string): Database {
  makeDataDirectory(dataDirectory)
  const file = join(dataDirectory, 'gateway.db')
  const opened: Sqlite.Database[] = []
  try {
    keepPrivate(file)
    const durable = connect(file, opened)
    check(durable, file)
    durable.pragma('journal_mode = WAL')
    durable.pragma('synchronous = FULL')
    migrate(drizzle(durable), { migrationsFolder })
    const relaxed = connect(file, opened)
    relaxed.pragma('synchronous = NORMAL')
    return { durable: drizzle(durable), relaxed: drizzle(relaxed), close: () => closeAll(opened) }
  } catch (thrown) {
    closeAll(opened)
    throw thrown instanceof GatewayError ? thrown : unusable(file, thrown)
  }
}

/** Made before SQLite sees it, so that it never stands open; SQLite gives its companions (-wal, -shm) the same mode. */
function keepPrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

function connect(file: string, opened: Sqlite.Database[]): Sqlite.Database {
  const connection = new Sqlite(file, { timeout: busyTimeoutMs })
  opened.push(connection)
  return connection
}

/** Reads only: nothing is written to a file that is not known to be sound and ours. */
function check(connection: Sqlite.Database, file: string): void {
  const complaint = connection.pragma('quick_check(1)', { simple: true })
  if (complaint !== 'ok') throw damaged(file, `is damaged (${String(complaint)})`)
  const hasHistory = connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'`).get()
  if (hasHistory === undefined) return
  const applied = Number(connection.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get())
  const known = readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0
  if (applied > known) {
    throw new GatewayError(
      'store_unusable',
      `${file} was written by a newer mlx-gateway. Update mlx-gateway, or choose another directory with --data.`,
    )
  }
}

function closeAll(connections: readonly Sqlite.Database[]): void {
  for (const connection of connections.toReversed()) connection.close()
}

function unusable(file: string, thrown: unknown): GatewayError {
  const code = thrown instanceof Sqlite.SqliteError ? thrown.code : ''
  if (code === 'SQLITE_NOTADB') return damaged(file, 'is not a database', thrown)
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(file, `is damaged (${messageOf(thrown)})`, thrown)
  return new GatewayError(
    'store_unusable',
    `${file} cannot be used (${messageOf(thrown)}). See to its permissions and to free space on the disk, or choose another directory with --data.`,
    { cause: thrown },
  )
}

function damaged(file: string, what: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'store_unusable',
    `${file} ${what}. Nothing was changed. Put a backup in its place; or move it away, with the -wal and -shm files beside it, ` +
      'and start again without the profiles and API keys it held.',
    { cause },
  )
}
