/** The hub: finding models that are not here yet. */
import { createRoute, z } from '@hono/zod-openapi'
import type { SearchHit } from '../../hub/hub.ts'
import { untilLeft } from '../asker.ts'
import { answer, createDoors, refusal } from '../door.ts'

const bytes = z.int().describe('bytes')
const fit = z
  .object({
    verdict: z
      .enum(['fits', 'fits alone', 'does not fit'])
      .describe('beside what runs now; once that has been unloaded; never'),
    needBytes: bytes.describe('weights, cache and the server itself'),
    weightsBytes: bytes,
    cacheBytes: bytes.describe('the cache for contexts of so many tokens'),
    context: z.int().describe('tokens'),
    budgetBytes: bytes.describe('what all servers together may hold'),
    freeBytes: bytes.describe('of the budget'),
  })
  .openapi('Fit')
const hit = z
  .object({
    id: z.string(),
    commit: z.string().nullable(),
    weightsBytes: z.int().nullable().describe('exactly'),
    quantization: z.string().nullable(),
    contextLength: z.int().nullable().describe('tokens'),
    task: z.string().nullable(),
    license: z.string().nullable(),
    gated: z
      .enum(['open', 'auto', 'manual'])
      .nullable()
      .describe('auto: its licence must be accepted; manual: and somebody decides'),
    downloads: z.int().nullable(),
    lastModified: z.string().nullable().describe('ISO 8601'),
    local: z.boolean().describe('on this machine already'),
    fit: fit.nullable().describe('whether it fits this machine'),
    unknown: z.string().nullable().describe('why something is not known'),
  })
  .openapi('Hit')
const found = z
  .object({
    hits: z.array(hit),
    cursor: z.string().nullable().describe('where the search goes on; null at its end'),
    offline: z.boolean().describe('the hub cannot be asked: the hits are models on this machine'),
    reason: z.string().nullable().describe('why this is less than a search of the whole hub'),
  })
  .openapi('Hits')

const size = z.coerce.number().int().min(0).optional()
const search = createRoute({
  method: 'get',
  path: '/hub/models',
  tags: ['hub'],
  summary: 'Search the hub for MLX models; where it cannot be asked, the models on this machine',
  request: {
    query: z.object({
      q: z.string().max(200).optional().describe('words of its id, or the whole of it'),
      owner: z.string().max(100).optional(),
      task: z.string().max(100).optional().describe('as the hub calls it: text-generation'),
      bits: z.coerce.number().int().min(1).max(32).optional().describe('of a weight; 16 or 32: not quantised'),
      minBytes: size.describe('of the weights'),
      maxBytes: size,
      sort: z.enum(['downloads', 'recent']).default('downloads'),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().max(2000).optional().describe('of the answer before'),
    }),
  },
  responses: {
    200: answer('At most as many as asked for; there may be fewer, or none, although `cursor` leads on', found),
    default: refusal,
  },
})

export const hub = createDoors().openapi(search, async (c) => {
  const { q, ...wishes } = c.req.valid('query')
  const { house } = c.env
  const query = { ...wishes, text: q === '' ? undefined : q }
  const {
    hits,
    cursor = null,
    offline,
    reason = null,
  } = await house.hub.search(query, untilLeft(c.req.raw, house.closing))
  return c.json({ hits: hits.map(show), cursor, offline, reason }, 200)
})

function show(found: SearchHit): z.output<typeof hit> {
  const { id, local, commit = null, weightsBytes = null, quantization = null, contextLength = null } = found
  const { task = null, license = null, downloads = null, lastModified = null, fit = null, unknown = null } = found
  const about = { task, license, gated: gatedOf(found), downloads, lastModified }
  return { id, commit, weightsBytes, quantization, contextLength, ...about, local, fit, unknown }
}

function gatedOf({ gated }: SearchHit): z.output<typeof hit>['gated'] {
  return gated === false ? 'open' : (gated ?? null)
}
