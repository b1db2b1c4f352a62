/** The SQLite file: opened, checked, brought up to date. */
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { GatewayError, messageOf } from '../errors.ts'
import { keepPrivate, makeDataDirectory } from './directory.ts'
import { drizzle, migrate, readMigrationFiles, type BetterSQLite3Database } from './drizzle.ts'
import { createKeysMarker, holdsNothing, keysLost, type KeysMarker } from './keys-marker.ts'
import { damaged, ifItCan, refusalOf, rootOf } from './refusal.ts'
import { keys } from './schema.ts'

const migrationsFolder = join(import.meta.dirname, 'migrations')
/** How long each waits where another program holds the file, ms. All requests wait meanwhile: only what cannot be tried again may. */
const patience = { durable: 5_000, relaxed: 100 }

/** Two connections to one file. */
export interface Database {
  /** What it was told is on disk before it returns. */
  readonly durable: BetterSQLite3Database
  /** What it was told survives the process, though perhaps not a power cut; spares the wait for the disk. */
  readonly relaxed: ReturnType<typeof drizzle<Record<string, never>>>
  readonly keysMarker: KeysMarker
  /** Moves what was written into the database file itself: from then on it does not depend on the -wal file. Left for later where the disk
   *  is full or somebody reads: what was written is safe in the -wal file meanwhile. */
  settle(): void
  close(): void
}

/** Throws GatewayError `store_unusable` for a file that is damaged, foreign, of a newer version or not writable, and where keys are lost. */
export function openDatabase(dataDirectory: string): Database {
  makeDataDirectory(dataDirectory)
  const file = join(dataDirectory, 'gateway.db')
  const opened: Sqlite.Database[] = []
  try {
    const keysMarker = createKeysMarker(dataDirectory)
    if (keysMarker.isSet() && holdsNothing(file)) throw keysLost(dataDirectory, 'is missing or empty')
    keepPrivate(file)
    const connection = connect(file, opened, patience.durable)
    check(connection, file)
    if (keysMarker.isSet() && !hasTables(connection)) throw keysLost(dataDirectory, 'has no tables')
    connection.pragma('journal_mode = WAL')
    connection.pragma('synchronous = FULL')
    const durable = drizzle(connection)
    migrate(durable, { migrationsFolder })
    const quick = connect(file, opened, patience.relaxed)
    quick.pragma('synchronous = NORMAL')
    // for macOS, where a plain fsync does not outlast a power cut
    quick.pragma('checkpoint_fullfsync = ON')
    const settle = () => void ifItCan(() => quick.pragma('wal_checkpoint(TRUNCATE)'))
    settle()
    if (durable.select().from(keys).limit(1).get() !== undefined) keysMarker.set()
    return { durable, relaxed: drizzle(quick), keysMarker, settle, close: () => closeAll(opened) }
  } catch (thrown) {
    closeAll(opened)
    throw thrown instanceof GatewayError ? thrown : (refusalOf(file, thrown) ?? unusable(file, thrown))
  }
}

function connect(file: string, opened: Sqlite.Database[], timeout: number): Sqlite.Database {
  const connection = new Sqlite(file, { timeout })
  opened.push(connection)
  return connection
}

/** Reads only: nothing is written to a file that is not known to be sound and ours. */
function check(connection: Sqlite.Database, file: string): void {
  const complaint = connection.pragma('quick_check(1)', { simple: true })
  if (complaint !== 'ok') throw new GatewayError('store_unusable', damaged(file, `is damaged (${String(complaint)})`))
  if (!hasTables(connection)) return
  const applied = Number(connection.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get())
  const known = readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0
  if (applied > known) {
    throw new GatewayError(
      'store_unusable',
      `${file} was written by a newer mlx-gateway. Update mlx-gateway, or choose another directory with --data.`,
    )
  }
}

function hasTables(connection: Sqlite.Database): boolean {
  return connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'`).get() !== undefined
}

function closeAll(connections: readonly Sqlite.Database[]): void {
  for (const connection of connections.toReversed()) connection.close()
}

function unusable(file: string, thrown: unknown): GatewayError {
  return new GatewayError(
    'store_unusable',
    `${file} cannot be used (${messageOf(rootOf(thrown))}). See to its permissions and to free space on the disk, or choose another directory with --data.`,
    { cause: thrown },
  )
}
