/** Room on a disk. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '../errors.ts'

/** Bytes that we may still write to the disk that holds this path, or that would hold it: what does not exist yet is looked for in the
 *  folder it would lie in. Rejects where the disk cannot be asked. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch (error) {
    const parent = dirname(path)
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error
    return freeBytes(parent)
  }
}
