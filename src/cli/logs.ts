/** `mlx-gateway logs`: what a server has written, as it writes. */
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { eachEvent, inPath, read } from './admin-client.ts'
import type { Options } from './options.ts'
import { printable } from './print.ts'
import { withAdmin } from './session.ts'
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
    if (options.follow) return follow((init) => client.servers[':profile'].logs.follow.$get({ param }, { init }), world)
    const { lines } = await read(client.servers[':profile'].logs.$get({ param }))
    for (const line of lines) show(line, world)
  })
}

/** Until the gateway ends it, or whoever reads has left (`| head`). */
async function follow(ask: (init: RequestInit) => Promise<Response>, world: World): Promise<void> {
  const leaving = new AbortController()
  const leave = (): void => leaving.abort()
  world.out.once('error', leave)
  try {
    await eachEvent(await ask({ signal: leaving.signal }), (_, line) => show(String(line), world))
  } catch (error) {
    if (leaving.signal.aborted) return
    throw error
  } finally {
    world.out.off('error', leave)
  }
  throw new GatewayError('server_unavailable', 'The gateway has ended the log; it is stopping.')
}

/** A program gets the lines as the server wrote them. */
function show(line: string, world: World): void {
  world.out.write(`${world.out.isTTY ? printable(line) : line}\n`)
}
