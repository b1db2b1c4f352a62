/** Makes a model of blobs: the links of its snapshot, then the note of which commit a branch is at. Each of them comes or changes in
 *  one step, so that whoever looks sees the old or the new. */
import { randomUUID } from 'node:crypto'
import { lstat, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GatewayError, codeOf } from '../errors.ts'
import { flush } from '../host/host.ts'
import type { HubFile } from '../hub/hub.ts'
import { diskTrouble } from './disk.ts'
import { makeFolders } from './folders.ts'
import { inOrder, linkOf, refOf, type Layout } from './layout.ts'

export interface Snapshot {
  /** The cache's real path. */
  readonly cache: string
  readonly layout: Layout
  readonly commit: string
  readonly revision: string
  readonly files: readonly HubFile[]
}

/** Throws GatewayError `conflict` where a blob went away meanwhile, or something stands in the way of a link. */
export async function publish({ cache, layout, commit, revision, files }: Snapshot): Promise<void> {
  try {
    const folders = new Set<string>()
    for (const file of inOrder(files)) {
      const { path, target } = linkOf(layout, commit, file)
      await makeFolders(cache, dirname(path))
      await link(target, path, layout.home)
      await refuseMissing(path, file)
      folders.add(dirname(path))
    }
    for (const folder of folders) await flush(folder)
    const ref = refOf(layout, revision, commit)
    if (ref !== undefined) await note(commit, ref, { cache, layout })
  } catch (thrown) {
    throw diskTrouble(thrown, layout.home)
  }
}

/** Leaves one that is right as it is. */
async function link(target: string, path: string, home: string): Promise<void> {
  try {
    await symlink(target, path)
    return
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown
  }
  const there = await lstat(path)
  if (there.isDirectory()) throw inTheWay(path)
  if (there.isSymbolicLink() && (await readlink(path)) === target) return
  await replace(path, home, (fresh) => symlink(target, fresh))
}

/** Python writes it without a line end and reads it as it stands. */
async function note(commit: string, ref: string, { cache, layout }: Pick<Snapshot, 'cache' | 'layout'>): Promise<void> {
  await makeFolders(cache, dirname(ref))
  await replace(ref, layout.home, (fresh) => writeFile(fresh, commit, { flush: true }))
  await flush(dirname(ref))
}

/** What is new is made outside of the folders that others list. */
async function replace(path: string, home: string, make: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = join(home, `.gateway-${randomUUID()}`)
  try {
    await make(fresh)
    await rename(fresh, path)
  } catch (thrown) {
    await rm(fresh, { force: true })
    throw codeOf(thrown) === 'EISDIR' ? inTheWay(path) : thrown
  }
}

async function refuseMissing(path: string, { bytes }: HubFile): Promise<void> {
  const size = await stat(path).then(
    (there) => there.size,
    () => undefined,
  )
  if (size !== bytes)
    throw new GatewayError('conflict', `${path} went away while the rest came. Start the download again.`)
}

function inTheWay(path: string): GatewayError {
  return new GatewayError(
    'conflict',
    `${path} is a folder where a file of the model should be. Remove it, and try again.`,
  )
}
