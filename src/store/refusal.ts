/** What SQLite's complaints mean for people. */
import Sqlite from 'better-sqlite3'
import { GatewayError } from '../errors.ts'

/** By the first two words of SQLite's code: what it says, and what to do. */
const advice: Readonly<Record<string, (file: string, said: string) => string>> = {
  SQLITE_FULL: (file) => `The disk is full: ${file} cannot be written. Make room on the disk, then try again.`,
  SQLITE_IOERR: (file, said) =>
    `The disk refuses: ${file} cannot be read or written (${said}). See to the disk, which may be full or failing, then try again.`,
  SQLITE_READONLY: notWritable,
  SQLITE_CANTOPEN: notWritable,
  SQLITE_PERM: notWritable,
  SQLITE_BUSY: inUse,
  SQLITE_LOCKED: inUse,
  SQLITE_PROTOCOL: inUse,
  SQLITE_NOTADB: (file) => damaged(file, 'is not a database'),
  SQLITE_CORRUPT: (file, said) => damaged(file, `is damaged (${said})`),
}

function notWritable(file: string, said: string): string {
  return `${file} cannot be written (${said}). See to its permissions and to those of its directory, then try again.`
}

function inUse(file: string, said: string): string {
  return `Another program holds ${file} (${said}). End that program, then try again.`
}

/** Of a database that is no longer sound. */
export function damaged(file: string, what: string): string {
  return (
    `${file} ${what}. Nothing was changed. Put a backup in its place; or move it away, with the -wal and -shm files beside it, ` +
    'and start again without the profiles and API keys it held.'
  )
}

/** What was first thrown: drizzle wraps it in the text of the statement. */
export function rootOf(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.cause !== undefined ? rootOf(thrown.cause) : thrown
}

/** A GatewayError `store_unusable` for what SQLite throws for want of room, rights or a sound disk; undefined for all else, which is a
 *  fault of ours. */
export function refusalOf(file: string, thrown: unknown): GatewayError | undefined {
  const root = rootOf(thrown)
  if (!(root instanceof Sqlite.SqliteError)) return undefined
  const message = advice[root.code.split('_', 2).join('_')]?.(file, root.message)
  return message === undefined ? undefined : new GatewayError('store_unusable', message, { cause: thrown })
}

/** For what may be lost: undefined where the disk refuses. */
export function ifItCan<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch (thrown) {
    if (refusalOf('gateway.db', thrown) === undefined) throw thrown
    return undefined
  }
}

/** The same doors; what SQLite refuses behind any of them is told as a GatewayError `store_unusable`. It names no folder: callers of the
 *  API hear it. */
export function speaking<Doors extends object>(doors: Doors): Doors {
  return new Proxy(doors, {
    get(target, name): unknown {
      const door: unknown = Reflect.get(target, name)
      if (typeof door !== 'function') return door
      return (...given: unknown[]): unknown => {
        try {
          return Reflect.apply(door, target, given)
        } catch (thrown) {
          throw refusalOf('gateway.db', thrown) ?? thrown
        }
      }
    },
  })
}
