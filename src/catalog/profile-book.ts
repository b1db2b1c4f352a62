/** The profiles: those of the file, those made through the admin API, and the starter's. One writer: `arrange`. */
import { readProfile, type ProfileSettings, type Settings } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import type { ProfileRow, Store } from '../store/store.ts'
import type { CatalogEvent } from './events.ts'
import { arrangeProfiles, clashOf } from './profile-names.ts'
import { plainProfile, toProfile, type Profile } from './profile.ts'
import { STARTER } from './starter.ts'
import { createTeller } from './tell-once.ts'

export interface ProfileBook {
  /** The same list until one changes. */
  list(): readonly Profile[]
  create(settings: ProfileSettings): Profile
  replace(name: string, settings: ProfileSettings): Profile
  remove(name: string): void
}

export interface ProfileBookParts {
  readonly fileProfiles: readonly ProfileSettings[]
  readonly store: Store['profiles']
  readonly settings: Pick<Settings, 'models' | 'scheduling'>
  readonly announce: (event: CatalogEvent) => void
  readonly now: () => number
}

export function createProfileBook(parts: ProfileBookParts): ProfileBook {
  const { fileProfiles, store, announce, now } = parts
  const { scheduling, models } = parts.settings
  const file = fileProfiles.map((settings) => toProfile(settings, 'file', scheduling))
  const starter = models.starter ? [plainProfile(STARTER.id, 'starter', scheduling)] : []
  const tell = createTeller(announce)
  let profiles = arrange()

  function arrange(): readonly Profile[] {
    const unusable: string[] = []
    const stored = store.list().flatMap((row) => {
      const settings = parseRow(row)
      if (typeof settings !== 'string') return [toProfile(settings, 'store', scheduling)]
      unusable.push(settings)
      return []
    })
    const { shown, hidden } = arrangeProfiles([...file, ...stored, ...starter])
    tell([...unusable, ...hidden])
    return shown
  }

  /** The profile of the store that goes by this name. Throws `read_only` for any other, `not_found` for none. */
  function own(name: string): ProfileRow {
    const profile = profiles.find((profile) => profile.name === name)
    if (profile !== undefined && profile.origin !== 'store') throw readOnly(profile)
    const row = store.list().find((row) => row.name === name)
    if (row === undefined) {
      throw new GatewayError('not_found', `No profile of yours is called "${name}"; see \`mlx-gateway profiles\`.`)
    }
    return row
  }

  function saved(name: string): Profile {
    profiles = arrange()
    const profile = profiles.find((profile) => profile.name === name)
    if (profile === undefined)
      throw new GatewayError('internal_error', `Profile "${name}" was saved but is not listed.`)
    return profile
  }

  return {
    list: () => profiles,
    create(settings) {
      refuseClash(settings, profiles)
      const at = now()
      store.add({ name: settings.name, settings: JSON.stringify(settings), createdAt: at, updatedAt: at })
      const profile = saved(settings.name)
      announce({ type: 'profile.created', profile: settings.name })
      return profile
    },
    replace(name, settings) {
      const { createdAt } = own(name)
      refuseClash(
        settings,
        profiles.filter((profile) => profile.name !== name),
      )
      store.replace(name, { name: settings.name, settings: JSON.stringify(settings), createdAt, updatedAt: now() })
      const profile = saved(settings.name)
      announce({ type: 'profile.changed', profile: settings.name, before: name })
      return profile
    },
    remove(name) {
      store.remove(own(name).name)
      profiles = arrange()
      announce({ type: 'profile.removed', profile: name })
    },
  }
}

function refuseClash(settings: ProfileSettings, others: readonly Profile[]): void {
  const clash = clashOf(settings, others)
  if (clash !== undefined) throw new GatewayError('conflict', clash.message, { param: clash.param })
}

/** The settings of a row, or what is wrong with it: another version may have written it in another shape. It is left alone. */
function parseRow(row: ProfileRow): ProfileSettings | string {
  try {
    return readProfile(JSON.parse(row.settings))
  } catch (error) {
    return `Profile "${row.name}" cannot be used as it was saved; replace or remove it: ${messageOf(error)}`
  }
}

function readOnly(profile: Profile): GatewayError {
  const where =
    profile.origin === 'file'
      ? 'is declared in the configuration file; change it there'
      : 'is the starter model; switch it off with models.starter: false'
  return new GatewayError('read_only', `Profile "${profile.name}" ${where}.`)
}
