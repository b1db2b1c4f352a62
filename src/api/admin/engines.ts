/** Engines: the server programs, and their installation. */
import { createRoute, z } from '@hono/zod-openapi'
import { answer, createDoors, refusal } from '../door.ts'
import { asGatewayError } from '../../errors.ts'
import { errorBody } from '../errors.ts'
import { eventStream } from '../event-stream.ts'

const engine = z
  .object({
    name: z.string(),
    state: z.enum(['not installed', 'installing', 'installed', 'external', 'failed']),
    version: z.string().nullable(),
    path: z.string().nullable(),
    reason: z.string().nullable().describe('why, where it has failed'),
  })
  .openapi('Engine')
const params = z.object({ name: z.string() })
const tags = ['engines']

const list = createRoute({
  method: 'get',
  path: '/engines',
  tags,
  summary: 'List the engines that the gateway can install',
  responses: { 200: answer('The engines', z.object({ engines: z.array(engine) })), default: refusal },
})
const install = createRoute({
  method: 'post',
  path: '/engines/{name}/install',
  tags,
  summary:
    'Install an engine; events tell the progress, the last one is `installed` or `error`. It goes on when nobody listens any more',
  request: { params },
  responses: {
    200: {
      description: 'Server-sent events: `progress` with phase, message and share, then `installed` or `error`',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    default: refusal,
  },
})
const remove = createRoute({
  method: 'delete',
  path: '/engines/{name}',
  tags,
  summary: 'Remove an engine that the gateway installed, stopping its servers first',
  request: { params },
  responses: { 200: answer('Removed', z.object({ removed: z.string() })), default: refusal },
})

export const engines = createDoors()
  .openapi(list, async (c) => {
    const all = await c.env.house.engines.installed()
    const shown = all.map(({ name, state, version = null, path = null, reason = null }) => ({
      name,
      state,
      version,
      path,
      reason,
    }))
    return c.json({ engines: shown }, 200)
  })
  .openapi(install, (c) => {
    const { name } = c.req.valid('param')
    const { engines, closing } = c.env.house
    return eventStream({
      until: [closing, c.var.identity.revoked],
      begin(push, _, end) {
        engines
          .install(name, (progress) => push({ event: 'progress', data: progress }), closing)
          .then(
            () => push({ event: 'installed', data: { name } }),
            (error: unknown) => push({ event: 'error', data: errorBody(asGatewayError(error)) }),
          )
          .finally(end)
      },
    })
  })
  .openapi(remove, async (c) => {
    const { name } = c.req.valid('param')
    const { engines, supervisor, scheduler } = c.env.house
    const running = supervisor.servers().filter((server) => server.engine === name)
    await Promise.all(running.map(({ profile }) => scheduler.stop(profile, { now: true })))
    await engines.remove(name)
    return c.json({ removed: name }, 200)
  })
