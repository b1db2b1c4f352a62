/** Throws away what had come of files that nobody wants any more. */
import { lstat, readdir, readlink, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { codeOf } from '../errors.ts'
import type { HubFile } from '../hub/hub.ts'
import { diskTrouble } from './disk.ts'
import { refuseNames } from './file-names.ts'
import { openCache } from './folders.ts'
import { layoutOf, placeOf } from './layout.ts'
import { refuseLinks } from './real-folder.ts'

/** Parts of files, and whole ones that no snapshot leads to. `wanted`: blobs that others are still after. The transfer must be over. Throws
 *  GatewayError `conflict` or `read_only`. */
export async function discardPartials(
  cache: string,
  id: string,
  files: readonly HubFile[],
  wanted: ReadonlySet<string>,
  mark: string,
): Promise<void> {
  refuseNames(files)
  const layout = layoutOf(await openCache(cache), id)
  try {
    const used = await linkedFrom(layout.snapshots)
    for (const { blob } of files.filter((file) => !wanted.has(file.blob))) {
      const { final, partial, journal } = placeOf(layout, blob, mark)
      refuseLinks(partial)
      await rm(partial, { force: true })
      await rm(journal, { force: true })
      // one that is a link is a share in what other models have
      if (!used.has(blob) && (await isFile(final))) await rm(final, { force: true })
    }
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw diskTrouble(thrown, layout.blobs)
  }
}

/** Names of the blobs that the links in a folder lead to, at any depth. */
async function linkedFrom(folder: string): Promise<ReadonlySet<string>> {
  const entries = (await present(readdir(folder, { recursive: true, withFileTypes: true }))) ?? []
  const links = entries.filter((entry) => entry.isSymbolicLink())
  const targets = await Promise.all(links.map(({ parentPath, name }) => present(readlink(join(parentPath, name)))))
  return new Set(targets.flatMap((target) => (target === undefined ? [] : basename(target))))
}

async function isFile(path: string): Promise<boolean> {
  return (await present(lstat(path)))?.isFile() === true
}

/** Undefined where there is no such thing, or no longer. */
async function present<T>(looked: Promise<T>): Promise<T | undefined> {
  try {
    return await looked
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}
