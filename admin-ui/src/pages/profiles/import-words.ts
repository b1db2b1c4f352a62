/** What importing a file would do, and what it did, in words; and how it is taken back. Pure. */
import type { api, Held } from '../../api.ts'
import { some } from '../../parts/format.ts'
import type { Profile } from '../../parts/use-profiles.ts'
import type { ProfileSettings } from './form-values.ts'

export type Imported = Held<Awaited<ReturnType<typeof api.profiles.import.$post>>>
export type ImportedProfile = Imported['profiles'][number]

export const actionWords = { create: 'new', replace: 'replaces yours', skip: 'left out' } as const
export const actionColours = { create: 'var(--ok)', replace: 'var(--warn)', skip: 'var(--idle)' } as const

const forms = { 'mlx-gateway': 'Profiles of mlx-gateway', 'llama-swap': 'A file of llama-swap' } as const

/** What kind of file it is, and how much is in it. */
export function inShort({ form, profiles }: Imported): string {
  const left = profiles.filter(({ action }) => action === 'skip').length
  return `${forms[form]}: ${some(profiles.length, 'profile')}${left === 0 ? '' : `, of which ${left} cannot be taken over`}.`
}

/** Why it is left out, or what of it is different here. */
export function remarksOf({ problems, notes }: ImportedProfile): readonly string[] {
  return [...problems, ...notes]
}

/** What it will serve. */
export function servesOf({ settings }: ImportedProfile): string {
  if (settings === null) return ''
  return settings.model ?? settings.command?.[0] ?? ''
}

/** Those that will be imported: all that can be but those that somebody has put aside. */
export function chosenOf({ profiles }: Imported, aside: ReadonlySet<string>): readonly ImportedProfile[] {
  return profiles.filter(({ name, action }) => action !== 'skip' && !aside.has(name))
}

/** "3 profiles imported, 1 of them in the place of another." */
export function outcomeOf(imported: readonly ImportedProfile[]): string {
  const replaced = imported.filter(({ action }) => action === 'replace').length
  const done = `${some(imported.length, 'profile')} imported`
  return replaced === 0 ? `${done}.` : `${done}, ${replaced} in the place of what you had.`
}

export type Reversal =
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'restore'; readonly name: string; readonly settings: ProfileSettings }

/** What takes an import back, the last first: names may have gone from one to another. */
export function reversalOf(imported: readonly ImportedProfile[], before: readonly Profile[]): readonly Reversal[] {
  return imported.toReversed().map(({ name, action }): Reversal => {
    const old = action === 'replace' ? before.find((profile) => profile.name === name) : undefined
    return old === undefined ? { kind: 'remove', name } : { kind: 'restore', name, settings: old.settings }
  })
}
