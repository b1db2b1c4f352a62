/** What a model takes on disk, and whether that may have changed. */
import { createHash } from 'node:crypto'
import { basename, dirname, join, relative } from 'node:path'
import { isObject } from './raw-config.ts'
import { picked, snapshotsOf, unshared } from './repository.ts'
import { isPayload, manifestOf, payloadsOf, referencesTo } from './shared-store.ts'
import { entryAt, foldersIn, freedBytes, heldBytes, treeOf, withoutOtherNames, type TreeEntry } from './tree.ts'
import { parseObject } from '../wire/json.ts'

/** In bytes, as the disk reckons them. */
export interface Sizes {
  /** The whole folder, unfinished parts and old revisions too, and what it shares with other models. */
  readonly bytes: number
  /** Of that, what its deletion frees: what has a name elsewhere, or is another model's as well, stays. */
  readonly ownBytes: number
  /** The rest, file by file, so that what several models share can be counted once: bytes by inode. */
  readonly shared: Readonly<Record<string, number>>
  /** By commit. */
  readonly revisions: Readonly<Record<string, RevisionSizes>>
}

export interface RevisionSizes {
  /** All that it needs, its refs aside. */
  readonly bytes: number
  /** Of that, what its deletion frees: what no other revision or model needs. */
  readonly ownBytes: number
}

/** Part of every fingerprint; raised when the way of measuring changes. */
const VERSION = 2

/** Changes when something comes into the folder or goes from it, which its subfolders' times tell, or when a file grows in it for which
 *  `mayGrow`. Far cheaper than to measure. */
export async function fingerprintOf(
  folder: string,
  mayGrow: (name: string) => boolean,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256').update(String(VERSION))
  for await (const { path, entries } of foldersIn(folder, signal)) {
    const own = await entryAt(path)
    hash.update(JSON.stringify([relative(folder, path), own?.mtimeMs, entries.map(({ name }) => name).sort()]))
    for (const { name } of entries.filter((entry) => entry.isFile() && mayGrow(entry.name))) {
      const file = await entryAt(join(path, name))
      hash.update(JSON.stringify([name, file?.bytes, file?.mtimeMs]))
    }
    const links = await Promise.all(
      entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => entryAt(join(path, name))),
    )
    hash.update(JSON.stringify(await sharedTimes(path, links)))
  }
  return hash.digest('hex')
}

/** What is shared may go, and who else shares it is noted beside it. */
async function sharedTimes(folder: string, links: readonly (TreeEntry | undefined)[]): Promise<readonly unknown[]> {
  if (basename(folder) !== 'blobs') return []
  const store = join(dirname(dirname(folder)), 'blobs')
  const payloads = links.flatMap((link) => link?.target ?? []).filter((target) => isPayload(target, store))
  const files = await Promise.all(payloads.flatMap((path) => [entryAt(path), entryAt(manifestOf(path))]))
  return files.map((file) => [file?.length, file?.mtimeMs])
}

/** `folder` must be a real path; a folder that is no repository has no snapshots and so no revisions. */
export async function measure(folder: string, signal: AbortSignal): Promise<Sizes> {
  const tree = await treeOf(folder, signal)
  const all = snapshotsOf(folder, tree)
  const payloads = await payloadsOf(folder, tree)
  const owners = new Map<string, ReadonlySet<string> | undefined>()
  for (const { path } of payloads.values()) owners.set(path, await referencesTo(path, dirname(dirname(path))))

  /** These entries, and what the links among them lead to in the store. */
  const withPayloads = (entries: readonly TreeEntry[]) => [
    ...entries,
    ...entries.flatMap(({ path }) => payloads.get(path) ?? []),
  ]
  /** Those of them that nobody else leads to. */
  const going = (entries: readonly TreeEntry[]) => {
    const paths = new Set(entries.map(({ path }) => path))
    const isLast = ({ path }: TreeEntry) => [...(owners.get(path) ?? [''])].every((blob) => paths.has(blob))
    return [...entries, ...entries.flatMap(({ path }) => payloads.get(path) ?? []).filter(isLast)]
  }
  const revisions = all.map((snapshot) => {
    const needed = [...snapshot.entries, ...picked(snapshot.blobs, tree)]
    const ownBytes = freedBytes(going(unshared(snapshot, all, tree)))
    return [snapshot.commit, { bytes: heldBytes(withPayloads(needed)), ownBytes }] as const
  })
  const [held, own] = [withPayloads(tree), going(tree)]
  return {
    bytes: heldBytes(held),
    ownBytes: freedBytes(own),
    shared: sharedOf(held, own),
    revisions: Object.fromEntries(revisions),
  }
}

function sharedOf(held: readonly TreeEntry[], own: readonly TreeEntry[]): Sizes['shared'] {
  const freed = new Set(withoutOtherNames(own).map(({ inode }) => inode))
  const shared = held.filter(({ kind, inode }) => kind !== 'folder' && !freed.has(inode))
  return Object.fromEntries(shared.map(({ inode, bytes }) => [inode, bytes]))
}

/** What all these take together. Pure. */
export function totalOf(all: Iterable<Sizes>): number {
  const shared = new Map<string, number>()
  let own = 0
  for (const sizes of all) {
    own += sizes.ownBytes
    for (const [inode, bytes] of Object.entries(sizes.shared)) shared.set(inode, bytes)
  }
  return [...shared.values()].reduce((sum, bytes) => sum + bytes, own)
}

/** Sizes as they were written; undefined where they were damaged, so that they are reckoned anew. */
export function parseSizes(json: string): Sizes | undefined {
  const value = parseObject(json)
  return value !== undefined && isSizes(value) ? value : undefined
}

function isSizes(value: unknown): value is Sizes {
  if (
    !isObject(value) ||
    typeof value['bytes'] !== 'number' ||
    typeof value['ownBytes'] !== 'number' ||
    !isObject(value['shared']) ||
    !isObject(value['revisions'])
  )
    return false
  return Object.values(value['revisions']).every(
    (sizes) => isObject(sizes) && typeof sizes['bytes'] === 'number' && typeof sizes['ownBytes'] === 'number',
  )
}
