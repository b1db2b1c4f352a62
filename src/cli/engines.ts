/** `mlx-gateway engines`. */
import type { Config } from '../config/config.ts'
import { isObject } from '../wire/json.ts'
import { eachEvent, inPath, read, refusal } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, table } from './print.ts'
import { withAdmin } from './session.ts'
import { progressLine } from './progress-line.ts'
import type { World } from './world.ts'

export function listEngines(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const { engines } = await read(client.engines.$get())
    if (options.json) return json(world, engines)
    const rows = engines.map(({ name, state, version, path, reason }) => [name, state, version, reason ?? path])
    table(world, ['engine', 'state', 'version', 'where'], rows, 'No engines.')
  })
}

export function installEngine(config: Config, world: World, name: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const progress = progressLine(world)
    let failure: unknown
    let installed = false
    const answer = await client.engines[':name'].install.$post({ param: inPath({ name }) })
    await eachEvent(answer, (event, data) => {
      if (event === 'progress' && isObject(data)) progress.show(String(data['message']), data['share'])
      if (event === 'installed') installed = true
      if (event === 'error') failure = data
    })
    progress.end()
    if (!installed) throw refusal(answer.status, JSON.stringify(failure ?? {}))
    world.out.write(`Installed ${name}.\n`)
  })
}

export function removeEngine(config: Config, world: World, name: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    await read(client.engines[':name'].$delete({ param: inPath({ name }) }))
    world.out.write(`Removed ${name}.\n`)
  })
}
