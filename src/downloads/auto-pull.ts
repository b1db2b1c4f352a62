/** Whether a model is fetched because a client asks for it. Pure. */
import { findRevision, type LocalModel, type Profile } from '../catalog/catalog.ts'
import { isRepositoryId, sameId } from '../hub/hub.ts'

export interface Wanted {
  /** `owner/name`. */
  readonly repo: string
  readonly revision: string
}

export interface Here {
  readonly profiles: readonly Pick<Profile, 'name' | 'aliases' | 'engine' | 'model' | 'revision'>[]
  readonly local: readonly Pick<LocalModel, 'id' | 'source' | 'incomplete' | 'revisions'>[]
}

/** What to fetch so that a name can be answered; undefined where nothing would help, or nothing may be fetched.
 *  1. The name of a profile means its model; any other name is a model's own. 2. Only of the owners that are allowed; `*` is all.
 *  3. What is whole need not be fetched, and what is broken in another way than by missing parts would not be mended. */
export function toBring(name: string, owners: readonly string[], { profiles, local }: Here): Wanted | undefined {
  const profile = profiles.find((profile) => profile.name === name || profile.aliases.includes(name)) // 1
  if (profile !== undefined && profile.engine !== 'mlx-lm') return undefined
  const { model: repo = '', revision = 'main' } = profile ?? { model: name }
  if (!isRepositoryId(repo) || !isAllowed(repo, owners)) return undefined // 2
  const here = local.find(({ id, source }) => source === 'huggingface' && sameId(id, repo))
  const found = profile?.revision === undefined ? here : here && findRevision(here.revisions, profile.revision)
  return found === undefined || found.incomplete?.resumable === true ? { repo, revision } : undefined // 3
}

function isAllowed(repo: string, owners: readonly string[]): boolean {
  const owner = repo.slice(0, repo.indexOf('/'))
  return owners.some((allowed) => allowed === '*' || sameId(allowed, owner))
}
