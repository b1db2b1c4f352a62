/** Requests: those under way, which can be cancelled, and those that have ended, from the history. */
import { createRoute, z } from '@hono/zod-openapi'
import { GatewayError } from '../../errors.ts'
import { answer, createDoors, refusal } from '../door.ts'
import { liveRequestView, requestView, viewEnded, viewLive } from './request-view.ts'

const tags = ['requests']

const list = createRoute({
  method: 'get',
  path: '/requests',
  tags,
  summary: 'List finished requests, newest first; they appear about half a second after their end',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.coerce.number().int().optional().describe('only those that began before, ms since 1970'),
      profile: z.string().optional(),
      status: z.enum(['ok', 'failed']).optional(),
      key: z.string().optional().describe('the id of a key'),
      model: z.string().optional().describe('a part of the name asked for, or of its profile’s'),
    }),
  },
  responses: { 200: answer('The requests', z.object({ requests: z.array(requestView) })), default: refusal },
})
const live = createRoute({
  method: 'get',
  path: '/requests/live',
  tags,
  summary: 'List the requests under way, oldest first; /events tells of each change as `request.changed`',
  responses: { 200: answer('The requests', z.object({ requests: z.array(liveRequestView) })), default: refusal },
})
const cancel = createRoute({
  method: 'post',
  path: '/requests/{id}/cancel',
  tags,
  summary: 'End a request under way; its client is told that an administrator cancelled it',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: answer('Cancelled', z.object({ cancelled: z.string() })), default: refusal },
})

export const requests = createDoors()
  .openapi(list, (c) => {
    const { access, requests } = c.env.house
    const names = new Map(access.list().map(({ id, name }) => [id, name]))
    const rows = requests.recent(c.req.valid('query'))
    return c.json({ requests: rows.map((row) => viewEnded(row, names.get(row.keyId ?? '') ?? null)) }, 200)
  })
  .openapi(live, (c) => {
    const { house } = c.env
    return c.json({ requests: house.proxy.underWay().map((call) => viewLive(call, house.scheduler)) }, 200)
  })
  .openapi(cancel, (c) => {
    const { id } = c.req.valid('param')
    const reason = new GatewayError('request_cancelled', 'An administrator cancelled this request.')
    if (!c.env.house.proxy.cancel(id, reason)) {
      throw new GatewayError(
        'not_found',
        `No request ${JSON.stringify(id.slice(0, 80))} is under way; it may have ended.`,
      )
    }
    return c.json({ cancelled: id }, 200)
  })
