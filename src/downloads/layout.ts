/** Where things lie in a Hugging Face cache: `models--owner--name/{blobs, snapshots/<commit>, refs}`, as `huggingface_hub` has it. Pure. */
import { dirname, join } from 'node:path'
import { GatewayError } from '../errors.ts'
import { isCommit, isRepositoryId, isRevision } from '../hub/hub.ts'

export interface Layout {
  /** The repository's own folder. */
  readonly home: string
  readonly blobs: string
  readonly snapshots: string
  readonly refs: string
}

/** What is on its way, beside the name it is to get. Python names its own parts `<blob>.<8 digits>.incomplete`: never the same. */
export interface BlobPlace {
  readonly final: string
  readonly partial: string
  /** What of the partial file is known to be right. */
  readonly journal: string
}

/** Throws GatewayError `invalid_request` for an id that is none. */
export function layoutOf(cache: string, id: string): Layout {
  if (!isRepositoryId(id)) throw new GatewayError('invalid_request', `${JSON.stringify(id)} is no model of the hub.`)
  const home = join(cache, `models--${id.replaceAll('/', '--')}`)
  return { home, blobs: join(home, 'blobs'), snapshots: join(home, 'snapshots'), refs: join(home, 'refs') }
}

/** `mark` tells this gateway's files from those of another one that fills the same cache: both writing into one file would undo
 *  each other's work, and one of them could still write when the other has given the file its final name. */
export function placeOf({ blobs }: Pick<Layout, 'blobs'>, blob: string, mark: string): BlobPlace {
  const final = join(blobs, blob)
  const ours = `${final}.${mark}.gateway`
  return { final, partial: `${ours}.incomplete`, journal: `${ours}.journal` }
}

/** Whether it is the name of a part that somebody else brings. */
export function isAnothers(name: string, mark: string): boolean {
  return name.endsWith('.incomplete') && !name.endsWith(`.${mark}.gateway.incomplete`)
}

/** The folder of a commit's files. Throws GatewayError `invalid_request` for a commit that is none. */
export function snapshotOf({ snapshots }: Layout, commit: string): string {
  if (isCommit(commit)) return join(snapshots, commit)
  throw new GatewayError('invalid_request', `${JSON.stringify(commit)} is no commit.`)
}

/** A link of a snapshot, and what it says: relative, so that the cache can be moved. */
export function linkOf(layout: Layout, commit: string, file: { path: string; blob: string }) {
  const up = '../'.repeat(file.path.split('/').length + 1)
  return { path: join(snapshotOf(layout, commit), file.path), target: `${up}blobs/${file.blob}` }
}

/** Where the commit of a branch or tag is noted; undefined for a commit, which needs no note. */
export function refOf({ refs }: Layout, revision: string, commit: string): string | undefined {
  if (revision === commit) return undefined
  if (!isRevision(revision)) throw new GatewayError('invalid_request', `${JSON.stringify(revision)} is no revision.`)
  return join(refs, revision)
}

/** Weights first and `config.json` last: a folder without one is no model yet to those who look for it. */
export function inOrder<File extends { readonly path: string }>(files: readonly File[]): readonly File[] {
  const rank = ({ path }: File) => (path === 'config.json' ? 2 : path.endsWith('.safetensors') ? 0 : 1)
  return files.toSorted((a, b) => rank(a) - rank(b))
}

/** Every folder from below `root` down to this one, the outermost first. */
export function foldersTo(root: string, folder: string): readonly string[] {
  const folders: string[] = []
  for (let at = folder; at !== root && at.length > root.length; at = dirname(at)) folders.unshift(at)
  return folders
}
