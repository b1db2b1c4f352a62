/** Layers of settings, one upon the other, and which of them each value came from. */
import { isRecord, type ConfigFile } from './file.ts'
import type { Assignment } from './sources.ts'

export interface Origin {
  /** The effective value; undefined where a setting without default is not set. */
  readonly value: unknown
  readonly origin: 'default' | 'file' | 'page' | 'environment' | 'flag'
  /** For people: `~/x/config.yaml line 3`, the variable, the flag, or `default`. */
  readonly detail: string
}

/** `file`: written by a person · `page`: written by the gateway, for the admin page */
export interface FileLayer extends Pick<ConfigFile, 'values' | 'lineOf'> {
  readonly origin: 'file' | 'page'
  readonly path: string
}

export interface Layers {
  /** In rising strength; weaker than any assignment. */
  readonly files: readonly FileLayer[]
  /** In rising strength. */
  readonly assignments: readonly Assignment[]
}

/** What the schema gets to see. An empty `server:` in a file is null, which counts as not set. */
export function layered({ files, assignments }: Layers): unknown {
  const bottom = files.reduce<unknown>((below, { values }) => merged(below, withoutNulls(values)), {})
  return assignments.reduce<unknown>((below, { leaf, value }) => withValue(below, leaf.keys, value), bottom)
}

/** Which layer set this setting. */
export function originOf(path: string, { files, assignments }: Layers): Omit<Origin, 'value'> {
  const assignment = assignments.findLast(({ leaf }) => leaf.path === path)
  if (assignment !== undefined) return { origin: assignment.origin, detail: assignment.detail }
  const keys = path.split('.')
  const file = files.findLast(({ values }) => isSet(values, keys))
  if (file !== undefined) return { origin: file.origin, detail: lineIn(file, keys) }
  return { origin: 'default', detail: 'default' }
}

/** Where somebody must look to mend what is wrong at this path: for what is missing, in the file that holds most of the way to it. */
export function placeOf(path: readonly PropertyKey[], { files, assignments }: Layers): string | undefined {
  const assignment = assignments.findLast(({ leaf }) => leaf.keys.every((key, at) => path[at] === key))
  if (assignment !== undefined) return assignment.detail
  for (let length = path.length; length >= 0; length--) {
    const file = files.findLast(({ values }) => isSet(values, path.slice(0, length)))
    if (file !== undefined) return lineIn(file, path)
  }
  return undefined
}

export function valueAt(container: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)]
    return isRecord(value) ? value[String(key)] : undefined
  }, container)
}

/** A value below something that is no object is left out: the schema refuses that object first. */
export function withValue(container: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  if (container !== undefined && !isRecord(container)) return container
  return { ...container, [key]: withValue(container?.[key], rest, value) }
}

function lineIn({ path, lineOf }: FileLayer, keys: readonly PropertyKey[]): string {
  return `${path} line ${lineOf(keys)}`
}

function isSet(values: unknown, keys: readonly PropertyKey[]): boolean {
  return (valueAt(values, keys) ?? undefined) !== undefined
}

function merged(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above
  const shared = Object.entries(above).map(([key, value]) => [key, merged(below[key], value)])
  return { ...below, ...Object.fromEntries(shared) }
}

function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(values).filter(([, value]) => value !== null)
  return Object.fromEntries(kept.map(([key, value]) => [key, isRecord(value) ? withoutNulls(value) : value]))
}
