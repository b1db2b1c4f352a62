/** The revisions of a hub model that are on disk, and which of them a branch, a tag or a commit means. Pure. */
import { GatewayError } from '../errors.ts'

export interface Revision {
  readonly commit: string
  /** Branches and tags that point at it. */
  readonly refs: readonly string[]
  /** Its snapshot. */
  readonly path: string
  /** A blob is on its way that may be one of its own. */
  readonly unfinished: boolean
}

type Named = Pick<Revision, 'commit' | 'refs'>

/** Fewer digits of a commit than git itself shows say too little. */
const SHORTEST_COMMIT = 7

/** 1. The branch or tag of this name, 2. this commit, 3. the only commit that begins like this. */
export function findRevision<T extends Named>(revisions: readonly T[], wanted: string): T | undefined {
  const named = revisions.find(({ refs }) => refs.includes(wanted)) // 1
  const exact = named ?? revisions.find(({ commit }) => commit === wanted) // 2
  if (exact !== undefined || wanted.length < SHORTEST_COMMIT) return exact
  const alike = revisions.filter(({ commit }) => commit.startsWith(wanted))
  return alike.length === 1 ? alike[0] : undefined // 3
}

/** Says which revisions there are, and how to get the one that is not. */
export function noRevision(id: string, wanted: string, revisions: readonly Named[]): GatewayError {
  const there = revisions.length === 0 ? 'none' : revisions.map(written).join(', ')
  const message = `Revision "${wanted}" of ${id} is not on this machine; there is ${there}. \`${pullCommand(id, wanted)}\` fetches it.`
  return new GatewayError('model_not_found', message, { param: 'model' })
}

function written({ commit, refs }: Named): string {
  const short = commit.slice(0, 12)
  return refs.length === 0 ? short : `${refs.join(' = ')} (${short})`
}

/** What a person types to have it. */
export function pullCommand(id: string, revision?: string): string {
  return `mlx-gateway pull ${id}${revision === undefined ? '' : `@${revision}`}`
}
