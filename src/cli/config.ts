/** `mlx-gateway config`: the effective settings. */
import { type Config, written } from '../config/config.ts'
import type { Options } from './options.ts'
import { json, table } from './print.ts'
import type { World } from './world.ts'

export function printConfig(config: Config, world: World, options: Options): void {
  const { dataDirectory, file = null } = config
  const origins = { ...config.origins, ...config.elsewhere }
  if (options.json) {
    json(world, { dataDirectory, file, settings: origins })
    return
  }
  const rows = Object.entries(origins).map(([path, { value, origin, detail }]) => [
    path,
    path === 'profiles' ? config.settings.profiles.map(({ name }) => name).join(', ') : written(path, value),
    origin === 'default' ? origin : `${origin} (${detail})`,
  ])
  table(
    world,
    ['setting', 'value', 'from'],
    [['data', dataDirectory, undefined], ['file', file, undefined], ...rows],
    '',
  )
}
