/** Settings: what each is, where that came from, and changes to those that the admin page may change. Secrets are never shown. */
import { createRoute, z } from '@hono/zod-openapi'
import { written } from '../../config/config.ts'
import type { Setting } from '../../config/config.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'

const setting = z
  .object({
    path: z.string().describe('server.port'),
    value: z.unknown().describe('as it is written by now; of a secret only that it is `set`'),
    written: z
      .string()
      .nullable()
      .describe('the value as people write it, for example 10m, 24GB, 70%; null without a unit'),
    inEffect: z.unknown().describe('what the gateway goes by; another than `value` while that is pending'),
    origin: z.enum(['default', 'file', 'page', 'environment', 'flag']),
    detail: z.string().describe('the place in the file, the variable, or the flag'),
    description: z.string(),
    kind: z.enum(['text', 'number', 'boolean', 'boolean or text', 'list']).describe('what may be written'),
    unit: z
      .enum(['ms', 'bytes'])
      .nullable()
      .describe('what the value is reckoned in; a text such as 10m or 24GB may be written'),
    enum: z.array(z.string()).nullable().describe('all that it may be'),
    min: z.number().nullable(),
    max: z.number().nullable(),
    secret: z.boolean(),
    editable: z.boolean(),
    fixed: z.string().nullable().describe('why it is not editable'),
    appliesAt: z.enum(['once', 'next-start']).describe('when a change takes effect'),
    pending: z.boolean().describe('changed, in effect after the next start'),
  })
  .openapi('Setting')

const tags = ['settings']
const params = z.object({ path: z.string().describe('for example scheduling.idle') })
const given = z.object({
  value: z
    .unknown()
    .describe(
      'as in the configuration file: a text such as "5 min" or "12 GB", a number, true, false, a list of texts',
    ),
})
const one = { 200: answer('The setting as it is now', setting), default: refusal }

const list = createRoute({
  method: 'get',
  path: '/settings',
  tags,
  summary: 'Show every setting, its value, where that came from, and how it may be changed',
  responses: {
    200: answer(
      'The settings',
      z.object({ file: z.string().nullable(), dataDirectory: z.string(), settings: z.array(setting) }),
    ),
    default: refusal,
  },
})
const set = createRoute({
  method: 'put',
  path: '/settings/{path}',
  tags,
  summary: 'Change a setting, now or from the next start on; kept in settings.yaml in the data directory',
  request: { params, body: { required: true, content: jsonContent(given) } },
  responses: one,
})
const undo = createRoute({
  method: 'delete',
  path: '/settings/{path}',
  tags,
  summary: 'Undo that: back to what the setting is without it',
  request: { params },
  responses: one,
})

export const settings = createDoors()
  .openapi(list, (c) => {
    const { config, settings } = c.env.house
    const { file = null, dataDirectory } = config
    return c.json({ file, dataDirectory, settings: settings.list().map(show) }, 200)
  })
  .openapi(set, (c) =>
    c.json(show(c.env.house.settings.set(c.req.valid('param').path, c.req.valid('json').value)), 200),
  )
  .openapi(undo, (c) => c.json(show(c.env.house.settings.undo(c.req.valid('param').path)), 200))

function show({ choices, fixed, ...facts }: Setting): z.output<typeof setting> {
  const { path, value = null, inEffect = null, unit = null, min = null, max = null } = facts
  return {
    ...facts,
    value,
    inEffect,
    unit,
    min,
    max,
    written: unit === null || value === null ? null : (written(path, value) ?? null),
    enum: choices === undefined ? null : [...choices],
    editable: fixed === undefined,
    fixed: fixed ?? null,
  }
}
