/** Saves profiles, whichever door they come through. */
import type { z } from '@hono/zod-openapi'
import { launchFingerprint, type Profile } from '../../catalog/catalog.ts'
import { expandProfileHome, readProfile, type ProfileSettings } from '../../config/config.ts'
import { GatewayError } from '../../errors.ts'
import type { House } from '../door.ts'
import { prospectsOf } from './profile-prospects.ts'
import { show, type saved } from './profile-view.ts'
import { unknownProfile } from './unknown-profile.ts'

/** What a caller wrote. Throws GatewayError `invalid_request`. */
export function readGiven(written: unknown, { config }: Pick<House, 'config'>): ProfileSettings {
  return expandProfileHome(readProfile(written), config.homeDirectory)
}

/** Makes a profile, or puts it in the place of the one called `replaces`, whose server then stops when it is idle where it would have to
 *  be started otherwise. Throws GatewayError `conflict`, `not_found`, `read_only`. */
export function saveProfile(settings: ProfileSettings, replaces: string | undefined, house: House): Profile {
  const { catalog, scheduler } = house
  if (replaces === undefined) return catalog.createProfile(settings)
  const before = catalog.profiles().find((profile) => profile.name === replaces)
  const after = known(replaces, house, () => catalog.replaceProfile(replaces, settings))
  if (before !== undefined && !sameServer(before, after)) scheduler.retire(replaces)
  return after
}

export function dropProfile(name: string, house: House): void {
  known(name, house, () => house.catalog.removeProfile(name))
  house.scheduler.retire(name)
}

/** A profile that was just saved, after a look at what it serves. */
export async function showSaved(profile: Profile, house: House, signal: AbortSignal): Promise<z.output<typeof saved>> {
  const { served, warnings } = await prospectsOf(profile, house, signal)
  return { ...show({ profile, available: served !== undefined, model: served?.model }, house), warnings: [...warnings] }
}

/** Only the store knows of a profile that it cannot read; whatever it does not know either is unknown to all. */
function known<Done>(name: string, house: House, act: () => Done): Done {
  try {
    return act()
  } catch (error) {
    const listed = house.router.list().some(({ id }) => id === name)
    throw error instanceof GatewayError && error.code === 'not_found' && !listed ? unknownProfile(name, house) : error
  }
}

function sameServer(before: Profile, after: Profile): boolean {
  const sameModel = before.model === after.model && before.revision === after.revision
  return before.name === after.name && sameModel && fingerprint(before) === fingerprint(after)
}

function fingerprint(profile: Profile): string {
  return launchFingerprint({ profile, model: undefined })
}
