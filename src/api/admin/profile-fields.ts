/** What a profile can say, for whoever draws a form. */
import { createRoute, z } from '@hono/zod-openapi'
import { profileFields } from '../../config/config.ts'
import { answer, createDoors, refusal } from '../door.ts'

const field = z
  .object({
    name: z.string(),
    kind: z
      .enum(['text', 'number', 'boolean', 'list', 'texts', 'parameters'])
      .describe('list: of texts; texts: by name; parameters: of a request, any JSON by name'),
    description: z.string(),
    unit: z
      .enum(['ms', 'bytes'])
      .nullable()
      .describe('what the value is reckoned in; a text such as 10m or 24GB may be written'),
    enum: z.array(z.string()).nullable().describe('all that it may be'),
    min: z.number().nullable(),
    max: z.number().nullable(),
    required: z.boolean(),
    default: z.unknown().describe('what it is where it is not given; null where that is nothing'),
  })
  .openapi('ProfileField')

const list = createRoute({
  method: 'get',
  path: '/profiles/fields',
  tags: ['profiles'],
  summary: 'Describe what a profile can say',
  responses: { 200: answer('The fields', z.object({ fields: z.array(field) })), default: refusal },
})

export const fieldsOfProfiles = createDoors().openapi(list, (c) => {
  const { idle, concurrency } = c.env.house.settings.live.scheduling
  // where a profile says nothing, the house does
  const ours: Readonly<Record<string, unknown>> = { idle, concurrency }
  const fields = profileFields.map(({ name, choices, unit = null, min = null, max = null, ...said }) => {
    const usual = said.default ?? ours[name] ?? null
    return { ...said, name, unit, min, max, enum: choices === undefined ? null : [...choices], default: usual }
  })
  return c.json({ fields }, 200)
})
