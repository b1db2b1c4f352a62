/** Models in a Hugging Face cache: `models--owner--name/{refs/main, snapshots/<commit>, blobs}`. */
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, messageOf } from '../errors.ts'
import type { Candidate, Look } from './candidate.ts'
import { isInside, type Roots } from './folder.ts'
import { isName } from './names.ts'
import { COMMIT, refsOf } from './refs.ts'
import type { Revision } from './revisions.ts'
import { sharedStoreIn } from './shared-store.ts'

const PREFIX = 'models--'
const UNFINISHED = 'its download is not finished'

/** Every repository of a cache that has something downloaded. */
export async function* repositoriesIn(cache: string, roots: Roots, look: Look): AsyncGenerator<Candidate> {
  for (const { name } of await look(cache)) {
    const id = name.slice(PREFIX.length).replace('--', '/')
    if (!name.startsWith(PREFIX) || !isName(id)) continue
    const found = await repository(cache, name, id, { roots, look })
    if (found !== undefined) yield found
  }
}

/** 1. A revision is the one to use: it is no use only while a blob is on its way.
 *  2. None is, because none came whole, or because none is `main`: a profile may still name one. */
async function repository(
  place: string,
  name: string,
  id: string,
  { roots, look }: { readonly roots: Roots; readonly look: Look },
): Promise<Candidate | undefined> {
  const folder = join(place, name)
  const blobs = (await look(join(folder, 'blobs'))).map(({ name }) => name)
  const snapshots = (await look(join(folder, 'snapshots'))).filter(({ name }) => COMMIT.test(name))
  if (blobs.length === 0 && snapshots.length === 0) return undefined

  const useless = (path: string, broken: string): Candidate => {
    return { id, place, folder, source: 'huggingface', path, roots: [path], revisions: [], broken }
  }
  let home: string
  try {
    home = await realpath(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined // it has just gone
    return useless(folder, `its folder cannot be looked at (${messageOf(error)})`)
  }
  if (!isInside(home, roots)) return useless(home, 'its folder is a link that leads out of the cache')
  const refs = await refsOf(home, look)
  const store = await sharedStoreIn(dirname(home))
  const unfinished = isUnfinished(blobs)
  const revisions = snapshots.map(({ name: commit }) => {
    const names = [...refs].filter(([, target]) => target === commit).map(([ref]) => ref)
    return { commit, refs: names, path: join(home, 'snapshots', commit), unfinished }
  })
  const found: Candidate = {
    id,
    place,
    folder,
    revisions,
    source: 'huggingface',
    path: home,
    roots: [home],
    ...(store !== undefined && { store }),
  }
  const chosen = chosenRevision(revisions, refs)
  if (chosen !== undefined) return atRevision(found, chosen) // 1
  if (refs.has('main') || revisions.length === 0) return { ...found, broken: UNFINISHED, unfinished: true } // 2
  const broken = `it has ${revisions.length} revisions and none of them is main; a profile can name one as its \`revision\``
  return { ...found, broken } // 2
}

/** The repository at one of its revisions. Links of a snapshot lead to the repository's own blobs, and those to what it shares with others
 *  of the cache, and nowhere else. */
export function atRevision(candidate: Candidate, { path, unfinished }: Revision): Candidate {
  const { broken: _, ...repository } = candidate
  const shared = repository.store === undefined ? [] : [repository.store]
  const roots = [join(dirname(dirname(path)), 'blobs'), path, ...shared]
  return { ...repository, path, roots, unfinished, ...(unfinished && { broken: UNFINISHED }) }
}

/** What `main` points at; a download of another revision leaves no `main`, then the only snapshot there is. */
function chosenRevision(revisions: readonly Revision[], refs: ReadonlyMap<string, string>): Revision | undefined {
  const main = refs.get('main')
  if (main !== undefined) return revisions.find(({ commit }) => commit === main)
  return revisions.length === 1 ? revisions[0] : undefined
}

/** Blobs on their way: `<blob>.<digits>.incomplete` of Python's, `<blob>.<mark>.gateway.incomplete` and its journal of ours. Where the
 *  whole blob stands beside it, the part is a leftover. */
function isUnfinished(blobs: readonly string[]): boolean {
  const present = new Set(blobs)
  const partial = /\.(incomplete|gateway\.journal)$/
  return blobs.some((name) => partial.test(name) && !present.has(name.slice(0, name.indexOf('.'))))
}
