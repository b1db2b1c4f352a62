/** `mlx-gateway models`. */
import type { Config } from '../config/config.ts'
import { inPath, read } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, printable, size, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

export function listModels(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const shelf = await read(client.models.$get())
    if (options.json) return json(world, shelf)
    const rows = shelf.models.map((model) => [
      model.id,
      size(model.weightsBytes),
      model.quantization,
      model.contextLength,
      model.capabilities.join(' '),
      model.source,
    ])
    table(world, ['model', 'weights', 'quantisation', 'context', 'for', 'found in'], rows, 'No models on disk.')
    for (const { path, reason } of shelf.incomplete) world.out.write(printable(`\nleft out: ${path}\n  ${reason}\n`))
  })
}

export function removeModel(config: Config, world: World, id: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    await read(client.models[':id'].$delete({ param: inPath({ id }) }))
    world.out.write(`Deleted ${id}.\n`)
  })
}
