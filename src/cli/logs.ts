/** `mlx-gateway logs`: what a server has written, as it writes. */
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { eachEvent, inPath, read, withAdmin } from './admin-client.ts'
import type { Options } from './options.ts'
import type { World } from './world.ts'

export function logs(config: Config, world: World, name: string | undefined, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: true }, async ({ client }) => {
    const { servers } = await read(client.servers.$get())
    const names = servers.map((server) => server.profile)
    const profile = name ?? (names.length === 1 ? names[0] : undefined)
    if (profile === undefined) {
      throw new GatewayError(
        'invalid_request',
        names.length === 0 ? 'No server has run yet.' : `Name one of: ${names.join(', ')}.`,
      )
    }
    const param = inPath({ profile })
    if (options.follow) {
      await eachEvent(await client.servers[':profile'].logs.follow.$get({ param }), (_, line) =>
        world.out.write(`${String(line)}\n`),
      )
    } else {
      const { lines } = await read(client.servers[':profile'].logs.$get({ param }))
      for (const line of lines) world.out.write(`${line}\n`)
    }
  })
}
