/** The settings of a running gateway: what holds, what a person has changed since, and what waits for the next start. */
import { isDeepStrictEqual } from 'node:util'
import { closest } from 'fastest-levenshtein'
import { GatewayError } from '../errors.ts'
import { appliesAt, whyOutside, type AppliesAt } from './editable.ts'
import { isRecord } from './file.ts'
import { valueAt, type Origin } from './layers.ts'
import { leaves, type Leaf } from './leaves.ts'
import type { Config } from './resolve.ts'
import type { Settings } from './schema.ts'

/** A setting as it is written by now, and how it may be written. */
export interface Setting extends Origin, Omit<Leaf, 'keys' | 'variable'> {
  /** What the gateway goes by; another than `value` where that waits for the next start. */
  readonly inEffect: unknown
  readonly pending: boolean
  readonly appliesAt: AppliesAt
  /** Why it cannot be changed here; undefined where it can. */
  readonly fixed: string | undefined
}

export interface SettingsBook {
  /** What holds now: the same object for as long as the gateway runs, in which that changes which takes effect at once. */
  readonly live: Settings
  /** In the order of the schema. */
  list(): readonly Setting[]
  /** Writes down what a person wrote. Throws GatewayError `not_found` for a setting that there is not, `read_only` for one that cannot be
   *  changed here, `invalid_request` for a value that it cannot have, or `store_unusable`; then nothing has changed. */
  set(path: string, value: unknown): Setting
  /** Back to what it is without the page. Throws GatewayError `not_found` or `store_unusable`. */
  undo(path: string): Setting
}

export interface SettingsBookParts {
  readonly config: Config
  /** Keeps the text in the place of an older one, as a whole and for its owner alone. */
  readonly write: (file: string, text: string) => void
  /** A setting has changed, in effect or not. */
  readonly changed: (path: string) => void
}

export function createSettingsBook({ config: atStart, write, changed }: SettingsBookParts): SettingsBook {
  const live = structuredClone(atStart.settings)
  /** Their values are not compared, because nobody keeps them. */
  const changedSecrets = new Set<string>()
  let config = atStart

  function show(leaf: Leaf): Setting {
    const { keys: _, variable: __, ...facts } = leaf
    const { path } = leaf
    const now: Origin = config.origins[path] ?? unset
    const takesEffect = appliesAt(path)
    const inEffect = takesEffect === 'once' ? now.value : atStart.origins[path]?.value
    const pending = changedSecrets.has(path) || !isDeepStrictEqual(inEffect, now.value)
    return { ...facts, ...now, inEffect, pending, appliesAt: takesEffect, fixed: whyFixed(path, now) }
  }

  function change(leaf: Leaf, value: unknown): Setting {
    const { path } = leaf
    const fixed = whyFixed(path, config.origins[path] ?? unset)
    if (fixed !== undefined)
      throw new GatewayError('read_only', `${path} cannot be changed here. ${fixed}`, { param: path })
    const { config: next, text } = config.amend(leaf, value)
    write(config.pageFile, text)
    config = next
    if (appliesAt(path) === 'once') put(live, leaf.keys, valueAt(next.settings, leaf.keys))
    if (leaf.secret) changedSecrets.add(path)
    changed(path)
    return show(leaf)
  }

  return {
    live,
    list: () => leaves.map(show),
    set(path, value) {
      const leaf = leafOf(path)
      if (isWritable(value)) return change(leaf, value)
      const message = `${path}: write a text, a number, true, false or a list of texts; to go back, take the setting off.`
      throw new GatewayError('invalid_request', message, { param: path })
    },
    undo(path) {
      const leaf = leafOf(path)
      return config.origins[path]?.origin === 'page' ? change(leaf, undefined) : show(leaf)
    },
  }
}

const unset: Origin = { value: undefined, origin: 'default', detail: 'default' }

function leafOf(path: string): Leaf {
  const leaf = leaves.find((candidate) => candidate.path === path)
  if (leaf !== undefined) return leaf
  const near = closest(
    path,
    leaves.map((candidate) => candidate.path),
  )
  throw new GatewayError('not_found', `There is no such setting; did you mean ${near}?`, { param: path })
}

/** What wins over the page, or lies outside of it. */
function whyFixed(path: string, { origin, detail }: Origin): string | undefined {
  const outside = whyOutside(path)
  if (outside !== undefined) return `${outside} Set it in the configuration file.`
  if (origin !== 'environment' && origin !== 'flag') return undefined
  const which = origin === 'flag' ? 'The flag' : 'The variable'
  return `${which} ${detail} sets it, which is stronger than the page: start the gateway without it to change it here.`
}

/** All that a setting can be; what it must be is for the schema to say. */
function isWritable(value: unknown): boolean {
  return isPlain(value) || (Array.isArray(value) && value.every(isPlain))
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function put(container: unknown, [key, ...rest]: readonly string[], value: unknown): void {
  if (!isRecord(container) || key === undefined) return
  if (rest.length > 0) put(container[key], rest, value)
  else if (value === undefined) delete container[key]
  else container[key] = value
}
