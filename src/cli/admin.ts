/** `mlx-gateway admin`, and the links to the admin page. */
import ms from 'ms'
import type { Config } from '../config/config.ts'
import { read } from './admin-client.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

/** Signs in whoever opens it first. Behind the #, it is sent to nobody and stands in no log. `base`: the gateway's address. */
export function linkOf(base: string, code: string): string {
  return `${base}/admin/sign-in#${code}`
}

export function printLink(config: Config, world: World): Promise<void> {
  return withAdmin(config, world, { mustRun: true }, async ({ client }) => {
    const { origin } = client.session.code.$url()
    const { code, expiresAt } = await read(client.session.code.$post())
    const left = ms(expiresAt - Date.now(), { long: true })
    world.out.write(`${linkOf(origin, code)}\nIt signs in whoever opens it first, within ${left}.\n`)
  })
}
