/** Everything in a folder, at any depth. Links are seen and never followed. */
import type { Dirent } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { GatewayError, codeOf } from '../errors.ts'

export interface TreeEntry {
  readonly path: string
  readonly kind: 'folder' | 'file' | 'link'
  /** What it holds of the disk. */
  readonly bytes: number
  /** How many bytes can be read from it. */
  readonly length: number
  /** Names of one file share it. */
  readonly inode: string
  /** How many names it has, here and elsewhere. */
  readonly names: number
  readonly mtimeMs: number
  /** Of a link: where it leads, as written. */
  readonly target?: string
}

/** Entries of one tree that are looked at; a folder with more is no model's. */
const MOST_ENTRIES = 100_000

/** `folder` must be a real path. What goes while it looks is left out; rejects where a folder in it cannot be read, and with GatewayError
 *  `read_only` for a tree too large for a model. */
export async function treeOf(folder: string, signal?: AbortSignal): Promise<readonly TreeEntry[]> {
  const tree: TreeEntry[] = []
  for await (const { path, entries } of foldersIn(folder, signal)) {
    for (const { name } of entries) {
      const entry = await entryAt(join(path, name))
      if (entry !== undefined) tree.push(entry)
    }
  }
  return tree
}

/** The folder and every folder in it with their entries, a folder before those in it. */
export async function* foldersIn(
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly path: string; readonly entries: readonly Dirent[] }> {
  const waiting = [folder]
  let seen = 0
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal?.throwIfAborted()
    const entries = await present(readdir(path, { withFileTypes: true }))
    if (entries === undefined) continue
    seen += entries.length
    if (seen > MOST_ENTRIES)
      throw new GatewayError('read_only', `${folder} holds more than ${MOST_ENTRIES} files; that is no model's folder.`)
    yield { path, entries }
    for (const entry of entries) if (entry.isDirectory()) waiting.push(join(path, entry.name))
  }
}

/** Undefined where there is nothing any more. */
export async function entryAt(path: string): Promise<TreeEntry | undefined> {
  // inode numbers may be larger than a number holds
  const facts = await present(lstat(path, { bigint: true }))
  if (facts === undefined) return undefined
  const common = {
    path,
    bytes: Number(facts.blocks) * 512,
    length: Number(facts.size),
    inode: `${facts.dev}:${facts.ino}`,
    names: Number(facts.nlink),
    mtimeMs: Number(facts.mtimeNs) / 1e6,
  }
  if (facts.isDirectory()) return { ...common, kind: 'folder' }
  if (!facts.isSymbolicLink()) return { ...common, kind: 'file' }
  const written = await present(readlink(path))
  return written === undefined ? undefined : { ...common, kind: 'link', target: resolve(dirname(path), written) }
}

/** What these entries hold of the disk: the names of one file count once, folders not at all. Pure. */
export function heldBytes(entries: Iterable<TreeEntry>): number {
  const counted = new Set<string>()
  let bytes = 0
  for (const entry of entries) {
    if (entry.kind === 'folder' || counted.has(entry.inode)) continue
    counted.add(entry.inode)
    bytes += entry.bytes
  }
  return bytes
}

/** What the disk gets back when these go: nothing for a file that has a name elsewhere. Pure. */
export function freedBytes(entries: readonly TreeEntry[]): number {
  return heldBytes(withoutOtherNames(entries))
}

/** Those of which every name is among these. Pure. */
export function withoutOtherNames(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const going = new Map<string, number>()
  for (const { inode } of entries) going.set(inode, (going.get(inode) ?? 0) + 1)
  return entries.filter(({ inode, names }) => names <= (going.get(inode) ?? 0))
}

async function present<T>(looked: Promise<T>): Promise<T | undefined> {
  try {
    return await looked
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}
