/** Settings as the page shows and takes them. Pure. */
import type { api, Held } from '../../api.ts'

export type Setting = Held<Awaited<ReturnType<typeof api.settings.$get>>>['settings'][number]

/** By words of the path or the description. */
export function found(settings: readonly Setting[], text: string, onlyChanged: boolean): readonly Setting[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return settings.filter(({ path, description, origin }) => {
    const about = `${path} ${description}`.toLowerCase()
    return words.every((word) => about.includes(word)) && !(onlyChanged && origin === 'default')
  })
}

/** What people come to change stands first, what is decided once stands last, and the rest between them as it comes. */
const first = ['memory', 'scheduling', 'models', 'downloads', 'hub']
const last = ['server', 'auth', 'engines']

/** By the first part of the path. */
export function groupsOf(settings: readonly Setting[]): readonly (readonly [string, readonly Setting[]])[] {
  const groups = [...Map.groupBy(settings, ({ path }) => path.split('.')[0] ?? path)]
  return groups.toSorted(([one], [other]) => placeOf(one) - placeOf(other))
}

function placeOf(group: string): number {
  if (first.includes(group)) return first.indexOf(group) - first.length
  return last.indexOf(group) + 1
}

/** Without the unit that the value is reckoned in, where the value is written with one of its own. */
export function aboutOf({ description, unit }: Pick<Setting, 'description' | 'unit'>): string {
  return unit === null ? description : description.replace(new RegExp(`, ${unit}(?=$|;| \\()`), '')
}

/** Why nothing of a group can be changed here, where that is one reason for all of it. */
export function fixedAsOne(settings: readonly Pick<Setting, 'fixed'>[]): string | null {
  const [first] = settings
  return first !== undefined && settings.every(({ fixed }) => fixed === first.fixed) ? first.fixed : null
}

/** As it is written: "10m", "a, b"; empty where it is not set. */
export function textOf({ value, written }: Pick<Setting, 'value' | 'written'>): string {
  if (written !== null) return written
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** What was written, as the gateway takes it. */
export function valueOf(text: string, { kind }: Pick<Setting, 'kind'>): unknown {
  const trimmed = text.trim()
  if (kind === 'list') return trimmed.split(',').flatMap((one) => one.trim() || [])
  if (kind === 'boolean' || kind === 'boolean or text') {
    if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  }
  const number = Number(trimmed)
  return kind === 'number' && trimmed !== '' && !Number.isNaN(number) ? number : trimmed
}

const origins: Readonly<Record<Setting['origin'], string>> = {
  default: 'default',
  file: 'from the file',
  page: 'changed here',
  environment: 'from the environment',
  flag: 'from a flag',
}

export function originOf({ origin, detail }: Pick<Setting, 'origin' | 'detail'>): string {
  return origin === 'default' || origin === 'page' ? origins[origin] : `${origins[origin]}: ${detail}`
}
