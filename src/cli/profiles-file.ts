/** `mlx-gateway profiles export` and `import`. */
import type { Config } from '../config/config.ts'
import { refusal, read } from './admin-client.ts'
import { contentOf } from './content.ts'
import type { Options } from './options.ts'
import { json, printable, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

export function exportProfiles(config: Config, world: World): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const answer = await client.profiles.export.$get()
    const text = await answer.text()
    if (!answer.ok) throw refusal(answer.status, text)
    world.out.write(text)
  })
}

const done = {
  create: ['made', 'would be made'],
  replace: ['replaced', 'would be replaced'],
  skip: ['skipped', 'would be skipped'],
} as const

/** Returns 1 where some had to be skipped. */
export async function importProfiles(config: Config, world: World, file: string, options: Options): Promise<number> {
  const yaml = await contentOf(file, world)
  const dryRun = options.dryRun === true
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const imported = await read(client.profiles.import.$post({ json: { yaml, dryRun } }))
    const { notes, profiles } = imported
    if (options.json) json(world, imported)
    else {
      const rows = profiles.map((profile) => [
        profile.name,
        done[profile.action][dryRun ? 1 : 0],
        [...profile.problems, ...profile.notes].join(' '),
      ])
      table(world, ['profile', '', ''], rows, 'The file has no profiles.')
      for (const note of notes) world.err.write(`note: ${printable(note)}\n`)
    }
    return profiles.some(({ action }) => action === 'skip') ? 1 : 0
  })
}
