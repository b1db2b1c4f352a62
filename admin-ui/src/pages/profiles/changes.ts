/** Makes, replaces and removes profiles; the list is up to date before anything else is said. */
import { api, ask, inPath } from '../../api.ts'
import { queryClient } from '../../query-client.ts'
import type { ProfileSettings, WrittenProfile } from './form-values.ts'

export function create(settings: ProfileSettings) {
  return shown(ask(api.profiles.$post({ json: settings as WrittenProfile })))
}

export function replace(name: string, settings: ProfileSettings) {
  return shown(ask(api.profiles[':name'].$put({ param: { name: inPath(name) }, json: settings as WrittenProfile })))
}

export function remove(name: string) {
  return shown(ask(api.profiles[':name'].$delete({ param: { name: inPath(name) } })))
}

async function shown<Done>(change: Promise<Done>): Promise<Done> {
  const done = await change
  await queryClient.invalidateQueries({ queryKey: ['profiles'] })
  return done
}
