/** Keeping house among the models on disk: what there is, deleting, verifying. One deletion at a time. */
import { GatewayError } from '../errors.ts'
import type { VerifiedFile } from './checks.ts'
import { discard } from './discard.ts'
import type { Library } from './library.ts'
import type { Profile, Served } from './profile.ts'
import { removeCandidate, removeOwnFolder, type RemovalParts } from './removal.ts'
import { findRevision, noRevision, type Revision } from './revisions.ts'
import type { Entry } from './shelf.ts'
import { isStarter } from './starter.ts'
import type { TreeEntry } from './tree.ts'
import { pathsOf, uses } from './users.ts'
import { verify, type VerifyOptions } from './verify.ts'

/** Which of the models with one id, and which of its revisions; default: the one in use, all of it. */
export interface Which {
  /** A branch, a tag or a commit. */
  readonly revision?: string | undefined
  /** The model's own folder. */
  readonly folder?: string | undefined
}

export interface Users {
  /** Profiles whose servers load it, the model's own among them. */
  readonly profiles: readonly string[]
  /** Real paths that engines load it from; a server that was started with one of these uses it, whatever its profile means by now. */
  readonly paths: readonly string[]
}

export interface Keeping {
  usersOf(id: string, which?: Which): Promise<Users>
  remove(id: string, which?: Which): Promise<{ readonly freedBytes: number }>
  verify(id: string, which: Which, options: VerifyOptions): Promise<readonly VerifiedFile[]>
  discardBroken(id: string, which?: Which): Promise<{ readonly files: number; readonly freedBytes: number }>
}

export interface KeepingParts extends RemovalParts {
  readonly library: Library
  readonly starterPath: string
  /** The real paths of the places where models may live, as they are now. */
  readonly roots: () => Promise<readonly string[]>
  readonly profiles: () => readonly Profile[]
  readonly servedOf: (profile: Profile) => Served | undefined
  readonly refresh: () => Promise<void>
}

export function createKeeping(parts: KeepingParts): Keeping {
  const { library, announce } = parts
  /** What the last verification of each folder found to be broken. */
  const broken = new Map<string, readonly TreeEntry[]>()
  let last: Promise<unknown> = Promise.resolve()

  /** After what was begun before has ended, well or not; the catalog looks again in any case. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = last.then(change).finally(parts.refresh)
    last = turn.catch(() => {})
    return turn
  }

  /** What is not known may have come since the last look. */
  async function find(id: string, { folder, revision }: Which): Promise<{ entry: Entry; revision?: Revision }> {
    if (library.shelf().find(id, folder) === undefined) await library.refreshIfStale()
    const entry = library.shelf().find(id, folder)
    if (entry === undefined) {
      const where = folder === undefined ? '' : ` in ${folder}`
      throw new GatewayError('not_found', `No model is called "${id}"${where}; see \`mlx-gateway models\`.`)
    }
    if (revision === undefined) return { entry }
    const { revisions } = entry.candidate
    if (revisions === undefined) {
      throw new GatewayError('invalid_request', `"${id}" lies in a plain folder, which has no revisions.`, {
        param: 'revision',
      })
    }
    const found = findRevision(revisions, revision)
    if (found === undefined) throw new GatewayError('not_found', noRevision(id, revision, revisions).message)
    return { entry, revision: found }
  }

  async function removeNow(id: string, which: Which): Promise<number> {
    if (isStarter({ model: id }) && library.shelf().find(id) === undefined) return removeOwnFolder(parts.starterPath)
    const { entry, revision } = await find(id, which)
    if (entry.candidate.source === 'starter') return removeOwnFolder(parts.starterPath)
    return removeCandidate(entry.candidate, revision, parts)
  }

  return {
    async usersOf(id, which = {}) {
      const { entry, revision } = await find(id, which)
      const { outcome, candidate, shadowed } = entry
      const own =
        !shadowed && outcome.model !== undefined && (revision === undefined || revision.path === candidate.path)
      const named = parts.profiles().filter((profile) => uses(profile, parts.servedOf(profile), entry, revision))
      const profiles = new Set([...(own ? [id] : []), ...named.map(({ name }) => name)])
      return { profiles: [...profiles], paths: pathsOf(entry, revision) }
    },
    remove: (id, which = {}) =>
      inTurn(async () => {
        const freedBytes = await removeNow(id, which)
        announce({
          type: 'model.removed',
          id,
          ...(which.revision !== undefined && { revision: which.revision }),
          freedBytes,
        })
        return { freedBytes }
      }),
    async verify(id, which, options) {
      const { entry, revision } = await find(id, which)
      const { candidate, revisions } = entry
      const commits = revision === undefined ? revisions.map(({ revision }) => revision.commit) : [revision.commit]
      const { files, brokenBlobs } = await verify(candidate, new Set(commits), await parts.roots(), options)
      broken.set(candidate.folder, brokenBlobs)
      announce({
        type: 'model.verified',
        id,
        files: files.length,
        broken: files.filter(({ state }) => state === 'broken').length,
      })
      return files
    },
    discardBroken: (id, which = {}) =>
      inTurn(async () => {
        const { candidate } = (await find(id, which)).entry
        return discard(broken.get(candidate.folder) ?? [])
      }),
  }
}
