/** What the hub tells of a model, in its list and by its id, trusting nothing. Pure. */
import { isObject } from '../wire/json.ts'
import { isCommit, isRepositoryId } from './ids.ts'

/** Whether a licence must be accepted first, and whether people decide on it. */
export type Gated = false | 'auto' | 'manual'

export interface Told {
  /** As the hub spells it today: a model may have moved. */
  readonly id: string
  readonly commit: string
  readonly task: string | undefined
  readonly license: string | undefined
  readonly gated: Gated
  readonly downloads: number | undefined
  /** ISO 8601. */
  readonly lastModified: string | undefined
  readonly tags: readonly string[]
}

/** As the library hands it on, which checks nothing. */
export interface Raw {
  readonly name?: unknown
  readonly sha?: unknown
  readonly task?: unknown
  readonly gated?: unknown
  readonly downloads?: unknown
  readonly updatedAt?: unknown
  readonly tags?: unknown
  readonly cardData?: unknown
}

/** Undefined without an id and a commit that can be asked for. */
export function toldOf(raw: Raw): Told | undefined {
  const { name: id, sha: commit, task } = raw
  if (typeof id !== 'string' || !isRepositoryId(id) || typeof commit !== 'string' || !isCommit(commit)) return undefined
  const tags = textsOf(raw.tags)
  return {
    id,
    commit,
    task: typeof task === 'string' ? task : undefined,
    license: licenseOf(raw.cardData, tags),
    gated: gatedOf(raw.gated),
    downloads: countOf(raw.downloads),
    lastModified: dateOf(raw.updatedAt),
    tags,
  }
}

export function gatedOf(told: unknown): Gated {
  if (told === 'auto' || told === 'manual') return told
  return told === true ? 'manual' : false
}

export function textsOf(told: unknown): readonly string[] {
  return Array.isArray(told) ? told.filter((entry) => typeof entry === 'string') : []
}

export function countOf(told: unknown): number | undefined {
  return typeof told === 'number' && Number.isFinite(told) && told >= 0 ? told : undefined
}

/** ISO 8601; undefined for none, also for the Invalid Date that the library makes of nothing. */
export function dateOf(told: unknown): string | undefined {
  return told instanceof Date && !Number.isNaN(told.getTime()) ? told.toISOString() : undefined
}

/** From the model's card, else from its tags; `other` has a name of its own. */
export function licenseOf(card: unknown, tags: readonly string[]): string | undefined {
  const { license, license_name: name } = isObject(card) ? card : {}
  const written = typeof license === 'string' ? license : textsOf(license).join(', ')
  if (written === 'other' && typeof name === 'string') return name
  return written || tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length)
}
