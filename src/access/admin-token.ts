/** The admin token: made on the first run, in a file that only its owner can read. */
import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, linkSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError, messageOf } from '../errors.ts'
import { writeDurably } from '../store/store.ts'
import { keyPrefix } from './key.ts'

/** The token of this data directory, which must exist. Throws GatewayError `invalid_config` where others can read the file, where it
 *  holds no token, or where it can be neither read nor made. */
export function readOrCreateAdminToken(dataDirectory: string): string {
  const file = join(dataDirectory, 'admin-token')
  try {
    return read(file) ?? create(file)
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown
    throw new GatewayError('invalid_config', `The admin token ${file} cannot be used: ${messageOf(thrown)}.`, {
      cause: thrown,
    })
  }
}

/** Undefined where there is none yet. */
function read(file: string): string | undefined {
  const descriptor = openIfThere(file)
  if (descriptor === undefined) return undefined
  try {
    if ((fstatSync(descriptor).mode & 0o077) !== 0) {
      throw new GatewayError(
        'invalid_config',
        `Others can read the admin token ${file}. Delete it to get a new one, or run: chmod 600 ${file}`,
      )
    }
    const token = readFileSync(descriptor, 'utf8').trim()
    if (/^[\x21-\x7e]{20,}$/.test(token)) return token
    throw new GatewayError('invalid_config', `${file} holds no admin token. Delete it to get a new one.`)
  } finally {
    closeSync(descriptor)
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return undefined
    throw thrown
  }
}

/** Written beside its place and linked there when complete: a crash leaves no half token, and of two at once one wins. */
function create(file: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const token = `${keyPrefix}admin_${randomBytes(32).toString('base64url')}`
  try {
    writeDurably(draft, `${token}\n`)
    linkSync(draft, file)
    return token
  } catch (thrown) {
    const other = isCode(thrown, 'EEXIST') ? read(file) : undefined
    if (other === undefined) throw thrown
    return other
  } finally {
    rmSync(draft, { force: true })
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}
