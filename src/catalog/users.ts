/** Which profiles a model on disk is used by. Pure. */
import { isInside } from './folder.ts'
import type { Profile, Served } from './profile.ts'
import { findRevision, type Revision } from './revisions.ts'
import type { Entry } from './shelf.ts'

/** The real paths that engines load a model from, at one of its revisions or at any. */
export function pathsOf({ outcome, revisions }: Entry, only?: Revision): readonly string[] {
  if (only !== undefined) return [only.path]
  const all = [outcome.model?.path, ...revisions.map(({ revision }) => revision.path)]
  return [...new Set(all.flatMap((path) => path ?? []))]
}

/** 1. What it was last found to serve, to draft with or to adapt lies there. 2. It names the model, though it was not found when last
 *  looked for. `only`: one revision. */
export function uses(profile: Profile, served: Served | undefined, entry: Entry, only?: Revision): boolean {
  const loaded = [served?.model?.path, served?.draft?.path, served?.profile.adapter]
  const paths = pathsOf(entry, only)
  if (loaded.some((path) => path !== undefined && isInside(path, paths))) return true // 1
  const { id, revisions = [], path } = entry.candidate
  if (served !== undefined || entry.shadowed) return false
  const named = [
    ...(profile.model === id ? [profile.revision] : []), // 2
    ...(profile.draftModel === id ? [undefined] : []),
  ]
  if (only === undefined) return named.length > 0
  return named.some((wanted) => (wanted === undefined ? path : findRevision(revisions, wanted)?.path) === only.path)
}
