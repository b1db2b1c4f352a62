/** Throws away what had come of files that nobody wants any more. */
import { lstat, readdir, readlink, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { codeOf } from '../errors.ts'
import type { HubFile } from '../hub/hub.ts'
import { diskTrouble } from './disk.ts'
import { refuseNames } from './file-names.ts'
import { openCache } from './folders.ts'
import { isAnothers, layoutOf, placeOf } from './layout.ts'
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
    // another gateway or Python fills this repository too: what is whole may be theirs
    const isShared = (await namesIn(layout.blobs)).some((name) => isAnothers(name, mark))
    for (const { blob } of files.filter((file) => !wanted.has(file.blob))) {
      const { final, partial, journal } = placeOf(layout, blob, mark)
      refuseLinks(partial)
      await rm(partial, { force: true })
      await rm(journal, { force: true })
      // one that is a link is a share in what other models have
      if (!isShared && !used.has(blob) && (await isFile(final))) await rm(final, { force: true })
    }
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw diskTrouble(thrown, layout.blobs)
  }
}

/** Whether parts of these files lie there that this gateway has brought. */
export async function hasPartials(
  cache: string,
  id: string,
  files: readonly HubFile[],
  mark: string,
): Promise<boolean> {
  const layout = layoutOf(cache, id)
  const names = new Set(await namesIn(layout.blobs))
  const ours = files.map(({ blob }) => placeOf(layout, blob, mark))
  return ours.some(({ partial, journal }) => names.has(basename(partial)) || names.has(basename(journal)))
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await present(readdir(folder))) ?? []
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
