/** `mlx-gateway ps` and `mlx-gateway stop`. */
import type { Config } from '../config/config.ts'
import { inPath, read } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, ofMemory, printable, span, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

export function ps(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: true }, async ({ client }) => {
    const all = await read(client.servers.$get())
    if (options.json) return json(world, all)
    const rows = all.servers.map((server) => [
      server.profile,
      server.progress === null ? server.state : `${server.state}: ${server.progress.message}`,
      ofMemory(server.memoryBytes),
      ofMemory(server.reservedBytes),
      server.active,
      server.waiting,
      server.unloadAt === null ? (server.pinned ? 'pinned' : undefined) : `in ${span(server.unloadAt - Date.now())}`,
      server.pid,
    ])
    table(
      world,
      ['profile', 'state', 'memory', 'reserved', 'active', 'waiting', 'unloads', 'pid'],
      rows,
      'No servers are running.',
      ['pid', 'reserved', 'waiting', 'active'],
    )
    for (const { profile, failure } of all.servers) {
      if (failure !== null)
        world.out.write(
          printable(`\n${profile}: ${failure.reason}\n${failure.lines.map((line) => `  ${line}\n`).join('')}`),
        )
    }
    world.out.write(`\n${ofMemory(all.reservedBytes)} of ${ofMemory(all.budgetBytes)} reserved\n`)
  })
}

export function stop(config: Config, world: World, profile: string, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: true }, async ({ client }) => {
    await read(
      client.servers[':profile'].stop.$post({ param: inPath({ profile }), json: { now: options.now === true } }),
    )
    world.out.write(`Stopped ${profile}.\n`)
  })
}
