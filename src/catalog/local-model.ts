/** What there is to say of a model on disk, whole or not, for people who keep house. */
import type { Sizes } from './measure.ts'
import type { Model, ModelSource } from './model.ts'
import type { Profile, Served } from './profile.ts'
import type { Entry, Outcome } from './shelf.ts'
import { uses } from './users.ts'

export interface LocalModel {
  readonly id: string
  readonly source: ModelSource
  /** The folder that is its own: of a hub model, its repository's. Tells two models with one id apart. */
  readonly folder: string
  /** What an engine loads by default; absent where it is not whole. */
  readonly model: Model | undefined
  /** Why it is not whole, and whether pulling it would bring what is missing. */
  readonly incomplete: Incomplete | undefined
  /** Another with the same id is used in its place. */
  readonly shadowed: boolean
  /** On disk, in all, and of that what its deletion frees, which is less where other models share it; undefined until measured. */
  readonly sizeBytes: number | undefined
  readonly ownBytes: number | undefined
  /** Of a hub model. */
  readonly revisions: readonly LocalRevision[]
  /** Names of the profiles that serve it or draft with it; a model's own profile is not counted. */
  readonly usedBy: readonly string[]
}

export interface LocalRevision {
  readonly commit: string
  /** Branches and tags that point at it. */
  readonly refs: readonly string[]
  readonly path: string
  readonly incomplete: Incomplete | undefined
  /** All that it needs, and of that what no other revision or model needs: what its deletion frees. Undefined until measured. */
  readonly bytes: number | undefined
  readonly ownBytes: number | undefined
}

export interface Incomplete {
  readonly reason: string
  readonly resumable: boolean
}

/** `served`: what each profile was last found to serve. Pure. */
export function localModel(
  entry: Entry,
  sizes: Sizes | undefined,
  profiles: readonly Profile[],
  served: (profile: Profile) => Served | undefined,
): LocalModel {
  const { candidate, outcome, revisions, shadowed } = entry
  const { id, source, folder } = candidate
  return {
    id,
    source,
    folder,
    model: outcome.model,
    incomplete: incompleteOf(outcome),
    shadowed,
    sizeBytes: sizes?.bytes,
    ownBytes: sizes?.ownBytes,
    revisions: revisions.map(({ revision: { commit, refs, path }, outcome }) => {
      const { bytes, ownBytes } = sizes?.revisions[commit] ?? { bytes: undefined, ownBytes: undefined }
      return { commit, refs, path, incomplete: incompleteOf(outcome), bytes, ownBytes }
    }),
    usedBy: profiles.filter((profile) => uses(profile, served(profile), entry)).map(({ name }) => name),
  }
}

function incompleteOf(outcome: Outcome): Incomplete | undefined {
  return outcome.model === undefined ? { reason: outcome.reason, resumable: outcome.resumable } : undefined
}
