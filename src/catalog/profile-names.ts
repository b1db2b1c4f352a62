/** Which profile a name belongs to, where several want it. Pure. */
import type { ProfileSettings } from '../config/config.ts'
import type { Profile } from './profile.ts'

/** The names and aliases of `settings` that another profile has, as name or alias. The starter gives way to anybody. */
export function clashesOf(
  { name, aliases }: ProfileSettings,
  others: readonly Profile[],
): readonly { readonly param: string; readonly message: string }[] {
  const owners = ownersOf(others.filter(({ origin }) => origin !== 'starter'))
  return [name, ...aliases].flatMap((wanted, index) => {
    const owner = owners.get(wanted)
    const param = index === 0 ? 'name' : `aliases[${index - 1}]`
    return owner === undefined ? [] : [{ param, message: `"${wanted}" already belongs to ${described(owner)}.` }]
  })
}

/** The profiles in force, the earlier the stronger:
 *  1. One whose name is taken is hidden, and so is the starter (which is no news).
 *  2. One of whose aliases is taken stays without that alias.
 *  `hidden` says so in sentences for people. */
export function arrangeProfiles(profiles: readonly Profile[]): {
  readonly shown: readonly Profile[]
  readonly hidden: readonly string[]
} {
  const shown: Profile[] = []
  const hidden: string[] = []
  for (const profile of profiles) {
    const owners = ownersOf(shown)
    const owner = owners.get(profile.name)
    if (owner !== undefined) {
      const message = `Profile "${profile.name}" (${profile.origin}) is hidden: the name belongs to ${described(owner)}.`
      if (profile.origin !== 'starter') hidden.push(message) // 1
      continue
    }
    const lost = profile.aliases.filter((alias) => owners.has(alias))
    for (const alias of lost) hidden.push(`Profile "${profile.name}" loses the alias "${alias}" to another profile.`)
    shown.push(
      lost.length === 0 ? profile : { ...profile, aliases: profile.aliases.filter((alias) => !owners.has(alias)) },
    ) // 2
  }
  return { shown, hidden }
}

function ownersOf(profiles: readonly Profile[]): ReadonlyMap<string, Profile> {
  const owners = new Map<string, Profile>()
  for (const profile of profiles) {
    for (const name of [profile.name, ...profile.aliases]) if (!owners.has(name)) owners.set(name, profile)
  }
  return owners
}

function described(profile: Profile): string {
  return profile.origin === 'file' ? `profile "${profile.name}" of the configuration file` : `profile "${profile.name}"`
}
