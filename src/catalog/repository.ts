/** What a hub repository's folder holds, from its tree: snapshots, and the blobs they share or do not. Pure. */
import { dirname, join, sep } from 'node:path'
import type { TreeEntry } from './tree.ts'

export interface Snapshot {
  readonly commit: string
  /** Its folder. */
  readonly path: string
  /** All that lies in it, links unfollowed. */
  readonly entries: readonly TreeEntry[]
  /** Paths of the blobs that its links lead to. */
  readonly blobs: ReadonlySet<string>
}

/** `home`: the repository's folder. */
export function snapshotsOf(home: string, tree: readonly TreeEntry[]): readonly Snapshot[] {
  const snapshots = join(home, 'snapshots')
  const folders = tree.filter(({ path, kind }) => kind === 'folder' && dirname(path) === snapshots)
  return folders.map(({ path }) => {
    const entries = within(path, tree)
    const blobs = entries.flatMap(({ target }) => (target !== undefined && isBlob(home, target) ? target : []))
    return { commit: path.slice(snapshots.length + 1), path, entries, blobs: new Set(blobs) }
  })
}

/** What would go with this snapshot: its own entries and the blobs that no other leads to. */
export function unshared(
  snapshot: Snapshot,
  all: readonly Snapshot[],
  tree: readonly TreeEntry[],
): readonly TreeEntry[] {
  const others = all.filter((other) => other !== snapshot)
  const own = [...snapshot.blobs].filter((blob) => !others.some(({ blobs }) => blobs.has(blob)))
  return [...snapshot.entries, ...picked(own, tree)]
}

/** The entries at these paths. */
export function picked(paths: Iterable<string>, tree: readonly TreeEntry[]): readonly TreeEntry[] {
  const wanted = new Set(paths)
  return tree.filter(({ path }) => wanted.has(path))
}

/** What lies in this folder of a tree, at any depth. */
export function within(folder: string, tree: readonly TreeEntry[]): readonly TreeEntry[] {
  return tree.filter(({ path }) => path.startsWith(folder + sep))
}

/** A path as a blob has it; nothing is said of what lies there. */
export function isBlob(home: string, path: string): boolean {
  return dirname(path) === join(home, 'blobs')
}
