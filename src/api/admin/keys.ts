/** API keys. A secret is told once, when its key is made. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Key } from '../../access/access.ts'
import { GatewayError } from '../../errors.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'

const scope = z.enum(['inference', 'metrics', 'admin'])
const time = z.int().describe('ms since 1970')
const key = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().describe('the first characters of the secret'),
    scopes: z.array(scope),
    models: z.array(z.string()).nullable().describe('names it may ask for; null: all'),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .openapi('Key')
const wanted = z
  .strictObject({
    name: z.string(),
    scopes: z.array(scope).default(['inference']),
    models: z.array(z.string()).nullable().default(null),
    expiresAt: time.nullable().default(null),
  })
  .openapi('NewKey')
const tags = ['keys']

const list = createRoute({
  method: 'get',
  path: '/keys',
  tags,
  summary: 'List every key ever made, oldest first',
  responses: { 200: answer('The keys', z.object({ keys: z.array(key) })), default: refusal },
})
const create = createRoute({
  method: 'post',
  path: '/keys',
  tags,
  summary: 'Make a key',
  request: { body: { required: true, content: jsonContent(wanted) } },
  responses: {
    201: answer('The key, and its secret, which is told this once', z.object({ secret: z.string(), key })),
    default: refusal,
  },
})
const revoke = createRoute({
  method: 'delete',
  path: '/keys/{id}',
  tags,
  summary: 'Revoke a key, also for the streams that it has open',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: answer('Revoked', z.object({ revoked: z.string() })), default: refusal },
})

export const keys = createDoors()
  .openapi(list, (c) => c.json({ keys: c.env.house.access.list().map(show) }, 200))
  .openapi(create, (c) => {
    const { secret, key } = c.env.house.access.createKey(c.req.valid('json'))
    return c.json({ secret, key: show(key) }, 201)
  })
  .openapi(revoke, (c) => {
    const { id } = c.req.valid('param')
    if (c.env.house.access.revoke(id)) return c.json({ revoked: id }, 200)
    throw new GatewayError(
      'not_found',
      `No key that could be revoked has the id "${id.slice(0, 100)}"; mlx-gateway keys lists the ids.`,
    )
  })

function show({ scopes, models, ...rest }: Key): z.output<typeof key> {
  return { ...rest, scopes: [...scopes], models: models === null ? null : [...models] }
}
