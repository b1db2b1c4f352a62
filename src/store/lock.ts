/** One gateway per data directory: a lock that the operating system holds and that dies with the process. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { GatewayError, messageOf } from '../errors.ts'
import { keepPrivate, makeDataDirectory, writeNote } from './directory.ts'

export interface DataDirectoryLock {
  /** Safe to call twice. */
  release(): void
}

/** Takes the directory, making it if need be. Throws GatewayError `data_dir_locked`, naming the pid of the process that has
 *  it, or `store_unusable`. The lock is SQLite's own on an empty file: a pid file alone would outlive a killed process.
 *  `command`: as it was typed, where it is not a gateway but a command that works without one. */
export function lockDataDirectory(dataDirectory: string, command?: string): DataDirectoryLock {
  makeDataDirectory(dataDirectory)
  const pidFile = join(dataDirectory, 'gateway.pid')
  const holder = takeLock(dataDirectory, pidFile)
  try {
    writeNote(pidFile, `${process.pid}${command === undefined ? '' : ` ${command}`}\n`)
  } catch (thrown) {
    holder.close()
    throw thrown
  }
  return {
    release() {
      if (!holder.open) return
      rmSync(pidFile, { force: true })
      holder.close()
    },
  }
}

function takeLock(dataDirectory: string, pidFile: string): Sqlite.Database {
  const file = join(dataDirectory, 'gateway.lock')
  let holder: Sqlite.Database | undefined
  try {
    // also refuses a file that can only be read, on which SQLite would take no lock and say nothing
    keepPrivate(file)
    holder = new Sqlite(file, { timeout: 0 })
    holder.exec('BEGIN EXCLUSIVE')
    return holder
  } catch (thrown) {
    holder?.close()
    if (thrown instanceof Sqlite.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) {
      throw new GatewayError('data_dir_locked', whoHas(dataDirectory, pidFile), { cause: thrown })
    }
    throw new GatewayError(
      'store_unusable',
      `${file} cannot be locked (${messageOf(thrown)}). The data directory must be writable, with room left, and on a disk of this machine.`,
      { cause: thrown },
    )
  }
}

function whoHas(dataDirectory: string, pidFile: string): string {
  const [, pid, command] = /^(\d+)(?: (.+))?$/m.exec(textOf(pidFile)) ?? []
  const whose = pid === undefined ? 'just starting' : `pid ${pid}`
  if (command !== undefined) {
    return `A command (${command}, ${whose}) is at work in ${dataDirectory}. Wait until it is done, or end it with Ctrl-C.`
  }
  return `Another mlx-gateway (${whose}) is using ${dataDirectory}. Stop it, or choose another directory with --data.`
}

/** Whoever has just taken the lock has not written it yet. */
function textOf(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8')
  } catch {
    return ''
  }
}
