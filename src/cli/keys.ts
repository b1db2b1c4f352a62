/** `mlx-gateway keys`. */
import type { Config } from '../config/config.ts'
import { inPath, read } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, span, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

export function createKey(config: Config, world: World, name: string, options: Options): Promise<void> {
  const wanted = {
    name,
    scopes: [...(options.scope ?? (['inference'] as const))],
    models: options.model === undefined ? null : [...options.model],
    expiresAt: options.expires === undefined ? null : Date.now() + options.expires,
  }
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const { secret, key } = await read(client.keys.$post({ json: wanted }))
    if (options.json) json(world, { secret, key })
    else world.out.write(`${secret}\nThis is the only time the key "${key.name}" is shown.\n`)
  })
}

export function listKeys(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const { keys } = await read(client.keys.$get())
    if (options.json) return json(world, keys)
    const rows = keys.map((key) => [
      key.id,
      key.name,
      `${key.hint}…`,
      key.scopes.join(' '),
      key.models?.join(' ') ?? 'all',
      ago(key.createdAt),
      ago(key.lastUsedAt),
      key.revokedAt !== null ? 'revoked' : key.expiresAt !== null && key.expiresAt < Date.now() ? 'expired' : 'valid',
    ])
    table(
      world,
      ['id', 'name', 'key', 'scopes', 'models', 'made', 'last used', 'state'],
      rows,
      'No keys yet. Make one with: mlx-gateway keys create NAME',
      ['key', 'made', 'models', 'last used'],
    )
  })
}

export function revokeKey(config: Config, world: World, id: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    await read(client.keys[':id'].$delete({ param: inPath({ id }) }))
    world.out.write(`Revoked ${id}.\n`)
  })
}

const ago = (time: number | null) => (time === null ? undefined : `${span(Date.now() - time)} ago`)
