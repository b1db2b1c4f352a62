/** What is wrong with settings, in words that say where and what instead. */
import { closest, distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { knownKeys, leaves } from './leaves.ts'

export interface Problem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** `profiles[1].aliases[0]` */
export function writtenPath(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('')
}

/** The problems that one issue of the schema stands for: one for each unknown key. `base` is where the schema begins. */
export function problemsOf(issue: z.core.$ZodIssue, base: readonly PropertyKey[] = []): readonly Problem[] {
  const path = issue.path
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys([...base, ...path]) ?? []
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no such setting; ${instead(key, known, path)}`,
    }))
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path, message: 'is missing' }]
  }
  return [{ path, message: issue.message.replace(/^Invalid (input|option): /, '') }]
}

/** The nearest of the names that could have been meant. */
function instead(key: string, known: readonly string[], path: readonly PropertyKey[]): string {
  const near = closest(key, known)
  if (distance(key, near) <= Math.max(2, key.length * 0.4)) return `did you mean ${writtenPath([...path, near])}?`
  const elsewhere = leaves.find((leaf) => leaf.keys.at(-1) === key)
  return elsewhere === undefined ? `known here: ${known.join(', ')}` : `did you mean ${elsewhere.path}?`
}
