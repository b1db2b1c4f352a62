/** Requests that have ended, from the history. */
import { createRoute, z } from '@hono/zod-openapi'
import { answer, createDoors, refusal } from '../door.ts'

const tokens = z.int().nullable()
const request = z
  .object({
    id: z.string(),
    startedAt: z.int().describe('ms since 1970'),
    endpoint: z.string(),
    profile: z.string().nullable(),
    model: z.string().describe('the name asked for'),
    keyId: z.string().nullable(),
    stream: z.boolean(),
    status: z.int(),
    error: z.string().nullable().describe('the code of the error'),
    finishReason: z.string().nullable(),
    promptTokens: tokens,
    cachedTokens: tokens,
    completionTokens: tokens,
    queueMs: z.number(),
    waitedFor: z.string().nullable(),
    loadMs: z.number(),
    prefillMs: z.number(),
    decodeMs: z.number(),
  })
  .openapi('Request')

const list = createRoute({
  method: 'get',
  path: '/requests',
  tags: ['requests'],
  summary: 'List finished requests, newest first; they appear about half a second after their end',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.coerce.number().int().optional().describe('only those that began before, ms since 1970'),
      profile: z.string().optional(),
    }),
  },
  responses: { 200: answer('The requests', z.object({ requests: z.array(request) })), default: refusal },
})

export const requests = createDoors().openapi(list, (c) => {
  const { limit, before, profile } = c.req.valid('query')
  const asked = { limit, ...(before === undefined ? {} : { before }), ...(profile === undefined ? {} : { profile }) }
  return c.json({ requests: c.env.house.requests.recent(asked) }, 200)
})
