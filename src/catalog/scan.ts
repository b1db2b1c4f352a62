/** Finds the folders that look like models, in the places where people keep them. */
import type { Dirent } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { codeOf, messageOf } from '../errors.ts'
import type { Candidate, Look, SearchedPlace, Trouble } from './candidate.ts'
import { entriesOf, isWeights } from './folder.ts'
import { repositoriesIn } from './hugging-face.ts'
import { isName } from './names.ts'

/** Folders looked into in one scan; a place that holds more was meant for something else. */
const MOST_FOLDERS = 10_000

/** Looks two levels deep into each place. Reports places that are there but cannot be read, and configured folders that are not there;
 *  rejects only with the signal's reason. A later candidate may bear the id of an earlier one. */
export async function scan(
  places: readonly SearchedPlace[],
  signal: AbortSignal,
): Promise<{ candidates: readonly Candidate[]; trouble: readonly Trouble[] }> {
  const trouble: Trouble[] = []
  const roots = await rootsOf(places)
  const look = createLook(trouble, signal)
  const candidates: Candidate[] = []
  for (const { path, kind, optional = kind !== 'folder' } of places) {
    if (!optional) await realpath(path).catch((error: unknown) => trouble.push({ path, reason: messageOf(error) }))
    if (kind === 'huggingface') {
      for await (const found of repositoriesIn(path, roots, look)) candidates.push(found)
    } else {
      for await (const found of foldersIn(path, kind, look)) {
        candidates.push(named({ ...found, roots, place: path, folder: found.path }))
      }
    }
  }
  return { candidates, trouble }
}

/** The real paths of the places that exist. */
export async function rootsOf(places: readonly SearchedPlace[]): Promise<readonly string[]> {
  const found = await Promise.allSettled(places.map(({ path }) => realpath(path)))
  return found.filter((result) => result.status === 'fulfilled').map(({ value }) => value)
}

function createLook(trouble: Trouble[], signal: AbortSignal): Look {
  let looked = 0
  return async (path) => {
    signal.throwIfAborted()
    looked += 1
    if (looked > MOST_FOLDERS) {
      if (looked === MOST_FOLDERS + 1) trouble.push({ path, reason: `gave up after ${MOST_FOLDERS} folders` })
      return []
    }
    try {
      return await entriesOf(path)
    } catch (error) {
      if (!isAbsence(error)) trouble.push({ path, reason: messageOf(error) })
      return []
    }
  }
}

/** Nothing there, or a file, or a link that leads nowhere or in a circle. */
function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(codeOf(error)))
}

/** Models one level down go by their own name, models two levels down by `owner/name`; the place may be a model itself. */
async function* foldersIn(
  place: string,
  source: 'folder' | 'lmstudio',
  look: Look,
): AsyncGenerator<Pick<Candidate, 'id' | 'source' | 'path'>> {
  const entries = await look(place)
  if (looksLikeModel(entries)) {
    yield { id: basename(place), source, path: place }
    return
  }
  for (const owner of entries.filter(mayBeFolder)) {
    const path = join(place, owner.name)
    const inner = await look(path)
    if (looksLikeModel(inner)) yield { id: owner.name, source, path }
    else {
      for (const { name } of inner.filter(mayBeFolder)) {
        if (looksLikeModel(await look(join(path, name)))) {
          yield { id: `${owner.name}/${name}`, source, path: join(path, name) }
        }
      }
    }
  }
}

function mayBeFolder(entry: Dirent): boolean {
  return (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.')
}

function looksLikeModel(entries: readonly Dirent[]): boolean {
  return entries.some(({ name }) => name === 'config.json' || isWeights(name))
}

function named(candidate: Candidate): Candidate {
  if (isName(candidate.id)) return candidate
  return { ...candidate, broken: 'its folder has a name that cannot be asked for; declare a profile with this path' }
}
