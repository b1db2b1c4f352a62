/** What a name means, and what somebody who got it wrong may have meant. Pure. */
import { distance } from 'fastest-levenshtein'
import { LONGEST_NAME, type Model, type Profile } from '../catalog/catalog.ts'

export type Choice =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'model'; readonly model: Model }

/** Every name that can be asked for. */
export interface Names {
  readonly exact: ReadonlyMap<string, Choice>
  /** Ids of local models in lower case; undefined where two models share one. */
  readonly folded: ReadonlyMap<string, Choice | undefined>
}

/** The stronger claim to a name is entered last: 1. ids of local models, 2. aliases, 3. names of profiles. */
export function namesOf(profiles: readonly Profile[], models: readonly Model[]): Names {
  const exact = new Map<string, Choice>()
  const folded = new Map<string, Choice | undefined>()
  for (const model of models) {
    const choice: Choice = { kind: 'model', model }
    exact.set(model.id, choice) // 1
    const key = model.id.toLowerCase()
    folded.set(key, folded.has(key) ? undefined : choice)
  }
  for (const profile of profiles) for (const alias of profile.aliases) exact.set(alias, { kind: 'profile', profile }) // 2
  for (const profile of profiles) exact.set(profile.name, { kind: 'profile', profile }) // 3
  return { exact, folded }
}

/** The exact name, else the one local model whose id differs only in case. */
export function choose(name: string, { exact, folded }: Names): Choice | undefined {
  return exact.get(name) ?? folded.get(name.toLowerCase())
}

const MOST_NEAREST = 3

/** Up to three names, the likeliest first: those that hold the words asked for, then those that differ in less than half their letters.
 *  Compared without regard to case or owner. Nothing is near to what is too long for a name: comparing takes the product of both lengths. */
export function nearest(name: string, known: Iterable<string>): readonly string[] {
  if (name.length > LONGEST_NAME) return []
  const asked = bare(name)
  const scored = [...known].map((candidate) => ({ candidate, score: score(asked, bare(candidate)) }))
  return scored
    .filter(({ score }) => score < 0.5)
    .sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, MOST_NEAREST)
    .map(({ candidate }) => candidate)
}

/** 0 is the same. */
function score(asked: string, candidate: string): number {
  const apart = distance(asked, candidate) / Math.max(asked.length, candidate.length, 1)
  const holds = asked.length > 2 && (candidate.includes(asked) || asked.includes(candidate))
  return holds ? apart / 4 : apart
}

function bare(name: string): string {
  return name.toLowerCase().slice(name.lastIndexOf('/') + 1)
}

const LONGEST_ECHO = 80

/** A name for an error message: in quotes, shortened, with everything escaped that is not plain text. */
export function echo(name: string): string {
  const short = name.length > LONGEST_ECHO ? `${name.slice(0, LONGEST_ECHO)}…` : name
  return JSON.stringify(short).replace(
    /[^\x20-\x7e…]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
