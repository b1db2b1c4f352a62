/** Finds a model by its path or its id, at the time of use. */
import { realpath } from 'node:fs/promises'
import { basename, isAbsolute } from 'node:path'
import { GatewayError } from '../errors.ts'
import type { Candidate } from './candidate.ts'
import type { Roots } from './folder.ts'
import { atRevision } from './hugging-face.ts'
import type { Library } from './library.ts'
import type { Model } from './model.ts'
import { isName } from './names.ts'
import type { Profile } from './profile.ts'
import { unloadable } from './read-model.ts'
import type { Readable, Reader } from './reader.ts'
import { findRevision, noRevision, pullCommand } from './revisions.ts'
import type { Shelf } from './shelf.ts'

export interface FindParts {
  readonly library: Library
  readonly reader: Reader
  /** The real paths of the places where models may live, as they are now. */
  readonly roots: () => Promise<readonly string[]>
}

/** 1. A folder, by absolute path. One that the configuration file names may lie anywhere: the owner wrote it.
 *  2. The id of a local model, of a hub model's at one of its revisions. */
export function findModel(named: string, profile: Profile, parts: FindParts, revision?: string): Promise<Model> {
  return isAbsolute(named) ? modelAt(named, profile, parts) : modelCalled(named, parts, revision)
}

async function modelAt(path: string, profile: Profile, parts: FindParts): Promise<Model> {
  const real = await realpath(path).catch((cause: unknown) => {
    throw unloadable(path, new Error('there is no such folder', { cause }))
  })
  const known = parts.library.shelf().byPath(real)
  if (known !== undefined) return read(known, parts.reader)
  const roots = await allowed(profile, parts)
  return read({ id: basename(real), source: 'folder', path: real, roots }, parts.reader)
}

/** Where it is unknown, or no longer as it was, the places are searched once more: it may have come, moved or been updated. */
async function modelCalled(id: string, { library, reader }: FindParts, revision?: string): Promise<Model> {
  if (!isName(id)) {
    throw new GatewayError(
      'model_not_found',
      `${JSON.stringify(id)} is neither an absolute path nor the id of a model.`,
    )
  }
  const find = () => (revision === undefined ? library.shelf().byId(id) : pinned(id, revision, library.shelf()))
  const known = find()
  const model = known && (await reader.read(known).catch(() => undefined))
  if (model !== undefined) return model

  await library.refreshIfStale()
  const found = find()
  if (found !== undefined) return read(found, reader)
  throw absent(id, revision, library.shelf())
}

function pinned(id: string, revision: string, shelf: Shelf): Candidate | undefined {
  const repository = shelf.repository(id)
  const found = repository && findRevision(repository.revisions ?? [], revision)
  return repository && found && atRevision(repository, found)
}

/** 1. There, but not whole, and no other revision of it is. 2. Not there at this revision. 3. Not there at all. */
function absent(id: string, revision: string | undefined, shelf: Shelf): GatewayError {
  const entry = shelf.find(id)
  const revisions = shelf.repository(id)?.revisions ?? []
  if (entry?.outcome.model === undefined && entry !== undefined && (revision === undefined || revisions.length === 0)) {
    return unloadable(id, new Error(entry.outcome.reason)) // 1
  }
  if (entry !== undefined && revision !== undefined) {
    if (id.includes('/')) return noRevision(id, revision, revisions) // 2
    return unloadable(id, new Error(`it lies in a plain folder, which has no revision "${revision}"`)) // 2
  }
  const advice = id.includes('/') ? ` \`${pullCommand(id, revision)}\` fetches it from the hub.` : ''
  const message = `No model on this machine is called "${id}"; see \`mlx-gateway models\`.${advice}`
  return new GatewayError('model_not_found', message) // 3
}

/** Where the files of a profile's models may lie. */
export async function allowed(profile: Profile, parts: FindParts): Promise<Roots> {
  return profile.origin === 'file' ? 'anywhere' : parts.roots()
}

/** The model, or the reason in a sentence that names it. */
export async function read(candidate: Readable, reader: Reader): Promise<Model> {
  try {
    return await reader.read(candidate)
  } catch (cause) {
    throw unloadable(candidate.id, cause)
  }
}
