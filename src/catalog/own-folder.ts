/** Where a model's own folder really is, looked up at the time of use. */
import { realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { GatewayError, codeOf } from '../errors.ts'
import type { Candidate } from './candidate.ts'

export interface OwnFolder {
  /** Real path. */
  readonly path: string
  /** Whether a link leads to it from within its place: then it may lie anywhere, and be another's. */
  readonly linked: boolean
}

type Placed = Pick<Candidate, 'id' | 'place' | 'folder'>

/** Undefined where it is gone. */
export async function findOwnFolder({ place, folder }: Omit<Placed, 'id'>): Promise<OwnFolder | undefined> {
  try {
    const [home, path] = await Promise.all([realpath(place), realpath(folder)])
    return { path, linked: join(home, relative(place, folder)) !== path }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The real path of a folder whose content may be changed. Throws GatewayError `read_only` for one that a link leads to, and `not_found`
 *  for one that is gone. */
export async function ownFolder(candidate: Placed): Promise<string> {
  const { id, folder } = candidate
  const found = await findOwnFolder(candidate)
  if (found === undefined) throw new GatewayError('not_found', `Model "${id}" is no longer there.`)
  if (!found.linked) return found.path
  const message = `"${id}" is reached through a link, ${folder}, which leads to ${found.path}. The gateway changes nothing behind links: delete the link yourself, or the model where it lies.`
  throw new GatewayError('read_only', message)
}
