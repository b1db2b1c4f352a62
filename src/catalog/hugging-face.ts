/** Models in a Hugging Face cache: `models--owner--name/{refs/main, snapshots/<revision>, blobs}`. */
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Candidate, Look } from './candidate.ts'
import { isInside, type Roots } from './folder.ts'
import { isName } from './names.ts'

const PREFIX = 'models--'
const REVISION = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Every repository of a cache that has something downloaded. */
export async function* repositoriesIn(cache: string, roots: Roots, look: Look): AsyncGenerator<Candidate> {
  for (const { name } of await look(cache)) {
    const id = name.slice(PREFIX.length).replace('--', '/')
    if (!name.startsWith(PREFIX) || !isName(id)) continue
    const found = await repository(join(cache, name), id, roots, look)
    if (found !== undefined) yield found
  }
}

/** Links of a snapshot lead to the repository's own blobs and nowhere else. */
async function repository(path: string, id: string, roots: Roots, look: Look): Promise<Candidate | undefined> {
  const blobs = (await look(join(path, 'blobs'))).map(({ name }) => name)
  const snapshots = (await look(join(path, 'snapshots'))).map(({ name }) => name)
  const revision = await chosenRevision(path, snapshots)
  if (revision === undefined) return undefined

  const home = await realpath(path)
  const snapshot = join(home, 'snapshots', revision)
  const candidate: Candidate = { id, source: 'huggingface', path: snapshot, roots: [join(home, 'blobs'), snapshot] }
  if (!isInside(home, roots)) return { ...candidate, broken: 'its folder is a link that leads out of the cache' }
  return isUnfinished(blobs) ? { ...candidate, broken: 'its download is not finished' } : candidate
}

/** What `main` points at; a download of another revision leaves no `main`, then the only snapshot there is. */
async function chosenRevision(path: string, snapshots: readonly string[]): Promise<string | undefined> {
  const main = await readFile(join(path, 'refs', 'main'), 'utf8').catch(() => undefined)
  if (main !== undefined && REVISION.test(main.trim())) return main.trim()
  return snapshots.length === 1 ? snapshots[0] : undefined
}

/** A blob is written as `<etag>.incomplete` and then renamed; where the whole blob stands beside it, the part is a leftover. */
function isUnfinished(blobs: readonly string[]): boolean {
  const present = new Set(blobs)
  return blobs.some((name) => name.endsWith('.incomplete') && !present.has(name.slice(0, name.indexOf('.'))))
}
