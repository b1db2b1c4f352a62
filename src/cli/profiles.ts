/** `mlx-gateway profiles`. */
import { readProfileText, writtenDuration, type Config } from '../config/config.ts'
import { inPath, read } from './admin-client.ts'
import { contentOf } from './content.ts'
import type { Options } from './options.ts'
import { json, printable, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

export function listProfiles(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const { profiles } = await read(client.profiles.$get())
    if (options.json) return json(world, profiles)
    const rows = profiles.map((profile) => [
      profile.name,
      profile.aliases.join(' '),
      profile.engine,
      profile.available ? (profile.model ?? profile.command?.join(' ')) : `${profile.model} (not found)`,
      profile.idle === 0 ? 'never' : writtenDuration(profile.idle),
      profile.origin,
    ])
    table(
      world,
      ['profile', 'aliases', 'engine', 'model', 'unloads after', 'from'],
      rows,
      'No profiles, and no models on disk.',
    )
  })
}

export function showProfile(config: Config, world: World, name: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    json(world, await read(client.profiles[':name'].$get({ param: inPath({ name }) })))
  })
}

export async function addProfile(config: Config, world: World, file: string): Promise<void> {
  const profile = readProfileText(await contentOf(file, world))
  const { name } = profile
  await withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const { profiles } = await read(client.profiles.$get())
    const known = profiles.some((other) => other.name === name && !other.readOnly)
    const { warnings } = await (known
      ? read(client.profiles[':name'].$put({ param: inPath({ name }), json: profile }))
      : read(client.profiles.$post({ json: profile })))
    world.out.write(`${known ? 'Replaced' : 'Made'} ${name}.\n`)
    for (const warning of warnings) world.err.write(`warning: it cannot be served for now: ${printable(warning)}\n`)
  })
}

export function removeProfile(config: Config, world: World, name: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    await read(client.profiles[':name'].$delete({ param: inPath({ name }) }))
    world.out.write(`Removed ${name}.\n`)
  })
}
