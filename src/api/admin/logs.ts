/** The gateway's own log, as a person reads it. */
import { createRoute, z } from '@hono/zod-openapi'
import { answer, createDoors, refusal } from '../door.ts'
import { logStream } from './log-stream.ts'

const tags = ['logs']

const list = createRoute({
  method: 'get',
  path: '/logs',
  tags,
  summary: 'The last lines of the gateway’s own log',
  responses: { 200: answer('The lines, oldest first', z.object({ lines: z.array(z.string()) })), default: refusal },
})
const follow = createRoute({
  method: 'get',
  path: '/logs/follow',
  tags,
  summary: 'The last lines of the gateway’s own log, and each further one',
  responses: {
    200: {
      description: 'Server-sent events, each a line as a JSON text',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    default: refusal,
  },
})

export const logs = createDoors()
  .openapi(list, (c) => c.json({ lines: [...c.env.house.telemetry.log.lines()] }, 200))
  .openapi(follow, (c) => logStream(c.env.house.telemetry.log, [c.env.house.closing, c.var.identity.revoked]))
