/** Deletes blobs that were found to be broken. */
import { dirname } from 'node:path'
import { isPayload } from './shared-store.ts'
import { discardPayload } from './sweep.ts'
import { entryAt, type TreeEntry } from './tree.ts'
import { removeFile } from './unlink.ts'

/** Deletes those of these files that are still what they were. The links to them stay and lead nowhere: so the model, and any other that
 *  shares them, shows to be incomplete until they have been fetched again, even where it could do without them. */
export async function discard(
  files: readonly TreeEntry[],
): Promise<{ readonly files: number; readonly freedBytes: number }> {
  const done = { files: 0, freedBytes: 0 }
  for (const file of files) {
    if (!(await isUnchanged(file))) continue
    const isShared = isPayload(file.path, dirname(dirname(file.path)))
    done.freedBytes += isShared ? await discardPayload(file.path) : await removeFile(file.path)
    if ((await entryAt(file.path)) === undefined) done.files += 1
  }
  return done
}

async function isUnchanged({ path, inode, length, mtimeMs }: TreeEntry): Promise<boolean> {
  const now = await entryAt(path)
  return now?.inode === inode && now.length === length && now.mtimeMs === mtimeMs
}
