/** What to delete, and in which order. Pure. */
import { dirname, join, sep } from 'node:path'
import { snapshotsOf, unshared, within } from './repository.ts'
import type { TreeEntry } from './tree.ts'

/** Files and links first, as they stand here; then the folders, where they are empty, the inner before the outer. */
export interface RemovalPlan {
  readonly files: readonly string[]
  readonly folders: readonly string[]
}

/** A whole folder. Broken off at any point it leaves something that shows to be incomplete:
 *  1. what points at the model (refs), 2. what makes it one (`config.json`, in each snapshot), 3. all the rest. */
export function planFolder(home: string, tree: readonly TreeEntry[]): RemovalPlan {
  const rank = ({ path }: TreeEntry): number => {
    if (path.startsWith(join(home, 'refs') + sep)) return 1
    const parent = dirname(path)
    const holdsConfig = parent === home || dirname(parent) === join(home, 'snapshots')
    if (path === join(parent, 'config.json') && holdsConfig) return 2
    return isIn(join(home, 'snapshots'), path) ? 3 : 4
  }
  const files = tree.filter(({ kind }) => kind !== 'folder').sort((a, b) => rank(a) - rank(b))
  return { files: files.map(({ path }) => path), folders: [...foldersOf(tree), home] }
}

/** One revision of a repository: the refs that point at it, its `config.json`, the rest of its snapshot, and the blobs that no other
 *  snapshot needs. Where it was the last and no other blob is left, the whole repository goes. Undefined where it has no such snapshot.
 *  `refs`: the commit each points at, by name. */
export function planRevision(
  home: string,
  tree: readonly TreeEntry[],
  commit: string,
  refs: ReadonlyMap<string, string>,
): RemovalPlan | undefined {
  const all = snapshotsOf(home, tree)
  const snapshot = all.find((candidate) => candidate.commit === commit)
  if (snapshot === undefined) return undefined
  const going = new Set(unshared(snapshot, all, tree).map(({ path }) => path))
  if (all.length === 1 && within(join(home, 'blobs'), tree).every(({ path }) => going.has(path))) {
    return planFolder(home, tree)
  }
  const noted = within(join(home, '.no_exist', commit), tree)
  const pointing = [...refs]
    .filter(([, target]) => target === commit)
    .map(([ref]) => join(home, 'refs', ...ref.split('/')))
  for (const path of [...pointing, ...noted.map(({ path }) => path)]) going.add(path)
  const { files } = planFolder(
    home,
    tree.filter(({ path }) => going.has(path)),
  )
  const folders = [...foldersOf([...snapshot.entries, ...noted]), snapshot.path, join(home, '.no_exist', commit)]
  return { files, folders }
}

/** The inner before the outer: a longer path cannot lie around a shorter one. */
function foldersOf(tree: readonly TreeEntry[]): readonly string[] {
  const folders = tree.filter(({ kind }) => kind === 'folder').map(({ path }) => path)
  return folders.sort((a, b) => b.length - a.length)
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder + sep)
}
