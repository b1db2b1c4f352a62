/** Layers of settings, one upon the other, and which of them each value came from. */
import { isRecord, type ConfigFile } from './file.ts'
import type { Assignment } from './sources.ts'

export interface Origin {
  /** The effective value; undefined where a setting without default is not set. */
  readonly value: unknown
  readonly origin: 'default' | 'file' | 'environment' | 'flag'
  /** For people: `~/x/config.yaml line 3`, the variable, the flag, or `default`. */
  readonly detail: string
}

export interface Layers {
  readonly file: (Pick<ConfigFile, 'values' | 'lineOf'> & { readonly path: string }) | undefined
  /** In rising strength. */
  readonly assignments: readonly Assignment[]
}

/** What the schema gets to see. An empty `server:` in the file is null, which counts as not set. */
export function layered({ file, assignments }: Layers): unknown {
  const bottom = withoutNulls(file?.values ?? {})
  return assignments.reduce<unknown>((below, { leaf, value }) => withValue(below, leaf.keys, value), bottom)
}

/** Which layer set this setting. */
export function originOf(path: string, { file, assignments }: Layers): Omit<Origin, 'value'> {
  const assignment = assignments.findLast(({ leaf }) => leaf.path === path)
  if (assignment !== undefined) return { origin: assignment.origin, detail: assignment.detail }
  const keys = path.split('.')
  if (file !== undefined && (valueAt(file.values, keys) ?? undefined) !== undefined) {
    return { origin: 'file', detail: `${file.path} line ${file.lineOf(keys)}` }
  }
  return { origin: 'default', detail: 'default' }
}

/** Where somebody must look to mend what is wrong at this path. */
export function placeOf(path: readonly PropertyKey[], { file, assignments }: Layers): string | undefined {
  const assignment = assignments.findLast(({ leaf }) => leaf.keys.every((key, at) => path[at] === key))
  if (assignment !== undefined) return assignment.detail
  return file === undefined ? undefined : `${file.path} line ${file.lineOf(path)}`
}

export function valueAt(container: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), container)
}

/** A value below something that is no object is left out: the schema refuses that object first. */
function withValue(container: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  if (container !== undefined && !isRecord(container)) return container
  return { ...container, [key]: withValue(container?.[key], rest, value) }
}

function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(values).filter(([, value]) => value !== null)
  return Object.fromEntries(kept.map(([key, value]) => [key, isRecord(value) ? withoutNulls(value) : value]))
}
