/** `mlx-gateway engines`. */
import type { Config } from '../config/config.ts'
import { isObject } from '../wire/json.ts'
import { eachEvent, inPath, read, refusal } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, printable, table } from './print.ts'
import { progressLine } from './progress-line.ts'
import { withAdmin, type Client } from './session.ts'
import type { World } from './world.ts'

export function listEngines(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const { engines } = await read(client.engines.$get())
    if (options.json) return json(world, engines)
    const rows = engines.map(({ name, state, version, path }) => [name, state, version, path])
    table(world, ['engine', 'state', 'version', 'where'], rows, 'No engines.')
    for (const { name, reason } of engines) if (reason !== null) world.out.write(printable(`\n${name}: ${reason}\n`))
  })
}

export function installEngine(config: Config, world: World, name: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false, command: 'engines install' }, async ({ client }) => {
    await install(client, world, name)
    world.out.write(`Installed ${name}.\n`)
  })
}

async function install(client: Client, world: World, name: string): Promise<void> {
  using line = progressLine(world)
  let failure: unknown
  let installed = false
  const answer = await client.engines[':name'].install.$post({ param: inPath({ name }) })
  await eachEvent(answer, (event, data) => {
    if (event === 'progress' && isObject(data)) line.show(String(data['message']), data['share'])
    if (event === 'installed') installed = true
    if (event === 'error') failure = data
  })
  if (!installed) throw refusal(answer.status, JSON.stringify(failure ?? {}))
}

export function removeEngine(config: Config, world: World, name: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    await read(client.engines[':name'].$delete({ param: inPath({ name }) }))
    world.out.write(`Removed ${name}.\n`)
  })
}
