/** Settings: the effective values, and where each came from. There are no secrets among them. */
import { createRoute, z } from '@hono/zod-openapi'
import { answer, createDoors, refusal } from '../door.ts'

const setting = z
  .object({
    path: z.string().describe('server.port'),
    value: z.unknown(),
    origin: z.enum(['default', 'file', 'environment', 'flag']),
    detail: z.string().describe('the place in the file, the variable, or the flag'),
  })
  .openapi('Setting')

const list = createRoute({
  method: 'get',
  path: '/settings',
  tags: ['settings'],
  summary: 'Show every setting, its effective value and where that came from',
  responses: {
    200: answer(
      'The settings',
      z.object({ file: z.string().nullable(), dataDirectory: z.string(), settings: z.array(setting) }),
    ),
    default: refusal,
  },
})

export const settings = createDoors().openapi(list, (c) => {
  const { file = null, dataDirectory, origins } = c.env.house.config
  const all = Object.entries(origins).map(([path, { value = null, origin, detail }]) => ({
    path,
    value,
    origin,
    detail,
  }))
  return c.json({ file, dataDirectory, settings: all }, 200)
})
