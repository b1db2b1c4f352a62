/** The data directory itself: nobody else's business. */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GatewayError, codeOf, messageOf } from '../errors.ts'

/** Made here, so that they are closed to others even in a directory that is not. */
const folders = ['engines', 'logs']

/** Makes the directory for its owner alone, and what others fill in it. What is there already keeps its mode: the directory may serve more
 *  than this gateway, and every file of the gateway's is closed to others by itself. Throws GatewayError `store_unusable`. */
export function makeDataDirectory(dataDirectory: string): void {
  try {
    for (const path of [dataDirectory, ...folders.map((folder) => join(dataDirectory, folder))]) {
      mkdirSync(path, { recursive: true, mode: 0o700 })
    }
  } catch (thrown) {
    throw new GatewayError(
      'store_unusable',
      `The data directory ${dataDirectory} cannot be used (${messageOf(thrown)}). Choose another one with --data.`,
      { cause: thrown },
    )
  }
}

/** Sees to it that a file is there and closed to others, before anybody else opens it. One that is there is not opened: to close it again
 *  would end the locks that this process may hold on it. */
export function keepPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown
  }
  chmodSync(file, 0o600)
}

/** A small file for its owner alone, such as a pid, in the place of an older one, which would keep its mode. Throws GatewayError
 *  `store_unusable`. */
export function writeNote(file: string, text: string): void {
  try {
    rmSync(file, { force: true })
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  } catch (thrown) {
    throw unwritable(file, thrown)
  }
}

/** A new file for its owner alone, on disk with its name before this returns; throws as the system does, also where there is one already. */
export function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  flush(dirname(file))
}

/** A folder's names. */
function flush(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** A small file for its owner alone; a crash leaves all of the old one or all of the new one. Throws GatewayError `store_unusable`. */
export function replaceDurably(file: string, text: string): void {
  const fresh = `${file}.new`
  try {
    rmSync(fresh, { force: true })
    writeDurably(fresh, text)
    renameSync(fresh, file)
    flush(dirname(file))
  } catch (thrown) {
    throw unwritable(file, thrown)
  }
}

export function unwritable(file: string, thrown: unknown): GatewayError {
  return new GatewayError(
    'store_unusable',
    `${file} cannot be written (${messageOf(thrown)}). See to its permissions and to free space on the disk.`,
    { cause: thrown },
  )
}
