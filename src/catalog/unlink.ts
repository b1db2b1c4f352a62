/** Carries out a removal: nothing is touched whose folder is not really where it seems to be at that moment. */
import { realpath, rmdir, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GatewayError, codeOf, messageOf } from '../errors.ts'
import type { RemovalPlan } from './removal-plan.ts'
import { entryAt } from './tree.ts'

/** How many bytes the disk got back: what a file held counts when its last name goes. What has gone meanwhile is passed over, and what has
 *  come stays, with its folder. Throws GatewayError `read_only` for the first thing that cannot be deleted. */
export async function carryOut({ files, folders }: RemovalPlan): Promise<number> {
  let freed = 0
  for (const path of files) freed += await removeFile(path)
  for (const path of folders) await removeFolder(path)
  return freed
}

/** Gone is gone, whoever deleted it; then nothing was freed here. */
export async function removeFile(path: string): Promise<number> {
  try {
    await refuseLinks(path)
    const entry = await entryAt(path)
    if (entry === undefined || entry.kind === 'folder') return 0
    await unlink(path)
    return entry.names === 1 ? entry.bytes : 0
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0
    throw undeletable(path, error)
  }
}

async function removeFolder(path: string): Promise<void> {
  try {
    await refuseLinks(path)
    await rmdir(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw undeletable(path, error)
  }
}

/** The path came from a walk that followed no links; a folder on it may have been replaced by one since. */
async function refuseLinks(path: string): Promise<void> {
  const folder = dirname(path)
  if ((await realpath(folder)) === folder) return
  throw new GatewayError('read_only', `${folder} has become a link; nothing behind it was deleted.`)
}

function undeletable(path: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause
  const message = `${path} cannot be deleted (${messageOf(cause)}). See to its permissions and try again; what is left shows as incomplete.`
  return new GatewayError('read_only', message, { cause })
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String(codeOf(error)))
}
