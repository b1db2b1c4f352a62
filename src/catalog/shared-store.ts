/** Where huggingface_hub (from 2.4 on) keeps what several repositories have in common: `<cache>/blobs/<2 digits>/<64 digits>`, and beside
 *  each a list of the blobs that are links to it (`<64 digits>.refs`). A repository's own blob is then such a link. */
import { lstat, readFile, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { codeOf } from '../errors.ts'
import { entryAt, type TreeEntry } from './tree.ts'

const MARKER = '.huggingface-shared-blobs'
const LAYOUT = '1\n'
const HASH = /^[0-9a-f]{64}$/
const REFERENCE = /^(models|datasets|spaces|kernels)--[^/]+\/blobs\/[^/]+$/

/** The store of a cache, given by its real path; undefined where there is none, or none that this version knows. */
export async function sharedStoreIn(cache: string): Promise<string | undefined> {
  const store = join(cache, 'blobs')
  const marker = join(store, MARKER)
  try {
    const isOurs = (await lstat(marker)).isFile() && (await realpath(store)) === store
    return isOurs && (await readFile(marker, 'utf8')) === LAYOUT ? store : undefined
  } catch {
    return undefined
  }
}

/** Whether a path is one that the store gives to a blob. Pure. */
export function isPayload(path: string, store: string): boolean {
  const name = basename(path)
  return HASH.test(name) && path === join(store, name.slice(0, 2), name)
}

/** The list of the blobs that are links to this one. */
export function manifestOf(payload: string): string {
  return `${payload}.refs`
}

/** What the links among a repository's blobs lead to, where that lies in the store, by the path of the link. `home`: the repository's
 *  real path. */
export async function payloadsOf(home: string, tree: readonly TreeEntry[]): Promise<ReadonlyMap<string, TreeEntry>> {
  const payloads = new Map<string, TreeEntry>()
  const store = await sharedStoreIn(dirname(home))
  if (store === undefined) return payloads
  for (const { path, target } of tree) {
    if (target === undefined || dirname(path) !== join(home, 'blobs') || !isPayload(target, store)) continue
    const payload = await realpath(target).catch(() => undefined)
    const entry = payload === target ? await entryAt(target) : undefined
    if (entry?.kind === 'file') payloads.set(path, entry)
  }
  return payloads
}

/** The blobs of any repository that are links to this one, as the list names them and as they are. Undefined where nobody can say: the
 *  list is missing or cannot be read, or a blob that it names cannot be looked at. */
export async function referencesTo(payload: string, store: string): Promise<ReadonlySet<string> | undefined> {
  const cache = dirname(store)
  const found = new Set<string>()
  try {
    const manifest = manifestOf(payload)
    if (!(await lstat(manifest)).isFile()) return undefined
    const lines = (await readFile(manifest, 'utf8')).split(/\r?\n/)
    for (const line of lines.filter((line) => REFERENCE.test(line) && !line.split('/').includes('..'))) {
      const blob = join(cache, line)
      if ((await targetOf(blob)) === payload) found.add(blob)
    }
  } catch {
    return undefined
  }
  return found
}

async function targetOf(link: string): Promise<string | undefined> {
  try {
    return resolve(dirname(link), await readlink(link))
  } catch (error) {
    // not there, or no link
    if (/^(ENOENT|ENOTDIR|EINVAL)$/.test(String(codeOf(error)))) return undefined
    throw error
  }
}
