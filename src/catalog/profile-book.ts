/** The profiles: those of the file, those made through the admin API, and the starter's. One writer: `arrange`. */
import { readProfile, type ProfileSettings, type Settings } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import type { ProfileRow, Store } from '../store/store.ts'
import type { CatalogEvent } from './events.ts'
import { arrangeProfiles, clashesOf } from './profile-names.ts'
import { plainProfile, toProfile, type Profile } from './profile.ts'
import { STARTER } from './starter.ts'
import { createTeller } from './tell-once.ts'

export interface ProfileBook {
  /** The same list until one changes. */
  list(): readonly Profile[]
  /** Everything for which these settings would be refused, as a new profile or in the place of another, once those of `before` were saved. */
  refusals(settings: ProfileSettings, replaces?: string, before?: readonly ProfileSettings[]): readonly GatewayError[]
  /** As they were saved, also where another profile hides them; `unusable` says in sentences which cannot be read. */
  saved(): { readonly profiles: readonly ProfileSettings[]; readonly unusable: readonly string[] }
  create(settings: ProfileSettings): Profile
  replace(name: string, settings: ProfileSettings): Profile
  remove(name: string): void
}

export interface ProfileBookParts {
  readonly fileProfiles: readonly ProfileSettings[]
  readonly store: Store['profiles']
  readonly settings: Pick<Settings, 'models' | 'scheduling'>
  /** A model on disk answers to this name. */
  readonly isModel: (name: string) => boolean
  readonly announce: (event: CatalogEvent) => void
  readonly now: () => number
}

export function createProfileBook(parts: ProfileBookParts): ProfileBook {
  const { fileProfiles, store, isModel, announce, now } = parts
  const { scheduling, models } = parts.settings
  const file = fileProfiles.map((settings) => toProfile(settings, 'file', scheduling))
  const starter = models.starter ? [plainProfile(STARTER.id, 'starter', scheduling)] : []
  const tell = createTeller(announce)
  let profiles = arrange([])

  function saved(): ReturnType<ProfileBook['saved']> {
    const read = store.list().map(parseRow)
    return {
      profiles: read.filter((settings) => typeof settings !== 'string'),
      unusable: read.filter((reason) => typeof reason === 'string'),
    }
  }

  /** What stays as it was stays the same object: what was found for it is remembered by that. */
  function arrange(before: readonly Profile[]): readonly Profile[] {
    const { profiles, unusable } = saved()
    const stored = profiles.map((settings) => toProfile(settings, 'store', scheduling))
    const { shown, hidden } = arrangeProfiles([...file, ...stored, ...starter])
    tell([...unusable, ...hidden])
    const known = new Map(before.map((profile) => [JSON.stringify(profile), profile]))
    return shown.map((profile) => known.get(JSON.stringify(profile)) ?? profile)
  }

  /** The profile of the store that goes by this name, or why there is none to be changed. */
  function own(name: string): ProfileRow | GatewayError {
    const profile = profiles.find((profile) => profile.name === name)
    if (profile !== undefined && profile.origin !== 'store') return readOnly(profile)
    const row = store.list().find((row) => row.name === name)
    if (row !== undefined) return row
    if (isModel(name)) return new GatewayError('read_only', `"${name}" is a model on disk that answers to its own id.`)
    return new GatewayError('not_found', `No profile of yours is called "${name}"; see \`mlx-gateway profiles\`.`)
  }

  function mine(name: string): ProfileRow {
    const row = own(name)
    if (row instanceof GatewayError) throw row
    return row
  }

  /** 1. Only a profile of the store can be replaced. 2. Names that others have. 3. The name of one that is saved but not in force. */
  function refusals(
    settings: ProfileSettings,
    replaces?: string,
    before: readonly ProfileSettings[] = [],
  ): readonly GatewayError[] {
    const row = replaces === undefined ? undefined : own(replaces)
    const { name } = settings
    const gone = new Set([replaces, ...before.map((other) => other.name)])
    const coming = before.map((other) => toProfile(other, 'store', scheduling))
    const clashes = clashesOf(settings, [...profiles.filter((other) => !gone.has(other.name)), ...coming])
    const free = name === replaces || clashes.some(({ param }) => param === 'name')
    const hidden = !free && store.list().some((row) => row.name === name)
    const taken = `There is a profile "${name}" already, though it is not in force. Choose another name.`
    return [
      ...(row instanceof GatewayError ? [row] : []), // 1
      ...clashes.map(({ param, message }) => new GatewayError('conflict', message, { param })), // 2
      ...(hidden ? [new GatewayError('conflict', taken, { param: 'name' })] : []), // 3
    ]
  }

  function refuse(settings: ProfileSettings, replaces?: string): void {
    const [first] = refusals(settings, replaces)
    if (first !== undefined) throw first
  }

  function accept(name: string): Profile {
    profiles = arrange(profiles)
    const profile = profiles.find((profile) => profile.name === name)
    if (profile === undefined)
      throw new GatewayError('internal_error', `Profile "${name}" was saved but is not listed.`)
    return profile
  }

  return {
    list: () => profiles,
    refusals,
    saved,
    create(settings) {
      refuse(settings)
      const at = now()
      store.add({ name: settings.name, settings: JSON.stringify(settings), createdAt: at, updatedAt: at })
      const profile = accept(settings.name)
      announce({ type: 'profile.created', profile: settings.name })
      return profile
    },
    replace(name, settings) {
      refuse(settings, name)
      const { createdAt } = mine(name)
      store.replace(name, { name: settings.name, settings: JSON.stringify(settings), createdAt, updatedAt: now() })
      const profile = accept(settings.name)
      announce({ type: 'profile.changed', profile: settings.name, before: name })
      return profile
    },
    remove(name) {
      store.remove(mine(name).name)
      profiles = arrange(profiles)
      announce({ type: 'profile.removed', profile: name })
    },
  }
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
