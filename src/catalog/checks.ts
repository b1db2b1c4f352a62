/** What is to be checked of a model, from the tree of its folder. Pure. */
import { basename, relative, sep } from 'node:path'
import { isBlob, snapshotsOf } from './repository.ts'
import type { TreeEntry } from './tree.ts'

export interface Checksum {
  readonly hash: 'sha256' | 'git-sha1'
  readonly value: string
}

/** One file of a model, under the name that engines know it by. */
export interface Check {
  readonly path: string
  /** Commits of the revisions that have it. */
  readonly revisions: readonly string[]
  /** What is to be read, and what it must hash to; undefined where that is not known. Or why there is nothing to read. */
  readonly subject:
    | { readonly kind: 'file'; readonly file: TreeEntry; readonly checksum: Checksum | undefined }
    | { readonly kind: 'missing' | 'broken'; readonly why: string }
}

export interface VerifiedFile {
  /** As engines know it. */
  readonly path: string
  /** Commits of the revisions that have it; none in a plain folder. */
  readonly revisions: readonly string[]
  readonly bytes: number
  /** `unknown`: nobody says what it must be, or it could not be read; of weights without a checksum the header and the length are right. */
  readonly state: 'ok' | 'broken' | 'missing' | 'unknown'
  /** Of any state but `ok`. */
  readonly why?: string
}

/** Whether it has to be fetched again. */
export function isBad({ state }: Pick<VerifiedFile, 'state'>): boolean {
  return state === 'broken' || state === 'missing'
}

/** A blob is named after its content: 64 hexadecimal digits are a sha256, 40 are git's hash. */
export function checksumOf(blob: string): Checksum | undefined {
  if (/^[0-9a-f]{64}$/.test(blob)) return { hash: 'sha256', value: blob }
  return /^[0-9a-f]{40}$/.test(blob) ? { hash: 'git-sha1', value: blob } : undefined
}

/** Every file of these snapshots; one that several share is there once. `payloads`: what blobs that are links lead to in the store. */
export function checksOfRepository(
  home: string,
  tree: readonly TreeEntry[],
  payloads: ReadonlyMap<string, TreeEntry>,
  commits: ReadonlySet<string>,
): readonly Check[] {
  const byPath = new Map([...tree.map((entry) => [entry.path, entry] as const), ...payloads])
  const checks = new Map<string, Check>()
  for (const { commit, path: folder, entries } of snapshotsOf(home, tree)) {
    if (!commits.has(commit)) continue
    for (const entry of entries.filter(({ kind }) => kind !== 'folder')) {
      const path = relative(folder, entry.path)
      const shared = entry.target !== undefined && isBlob(home, entry.target)
      const key = JSON.stringify([path, shared ? entry.target : entry.path])
      const revisions = [...(checks.get(key)?.revisions ?? []), commit]
      checks.set(key, { path, revisions, subject: subjectOf(home, entry, byPath) })
    }
  }
  return [...checks.values()]
}

function subjectOf(home: string, entry: TreeEntry, byPath: ReadonlyMap<string, TreeEntry>): Check['subject'] {
  const { kind, target } = entry
  // some file systems have no links; there a snapshot holds the files themselves
  if (kind !== 'link' || target === undefined) return { kind: 'file', file: entry, checksum: undefined }
  if (!isBlob(home, target)) return { kind: 'broken', why: 'it is a link that leads out of its repository' }
  const blob = byPath.get(target)
  if (blob === undefined) return { kind: 'missing', why: 'its blob is not there' }
  if (blob.kind !== 'file') return { kind: 'broken', why: 'its blob is no file' }
  return { kind: 'file', file: blob, checksum: checksumOf(basename(target)) }
}

/** Names of a plain folder's files, hidden ones aside. Nobody says what they must hash to. */
export function namesInFolder(home: string, tree: readonly TreeEntry[]): readonly string[] {
  const names = tree.filter(({ kind }) => kind !== 'folder').map(({ path }) => relative(home, path))
  return names.filter((name) => !name.split(sep).some((part) => part.startsWith('.')))
}
