/** Servers: the running processes, how they are used, and what a person may have them do. */
import { createRoute, z } from '@hono/zod-openapi'
import { GatewayError } from '../../errors.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'
import type { House } from '../door.ts'
import { eventStream } from '../event-stream.ts'
import { serversView, serverView, viewServers } from './server-view.ts'
import type { ServerView } from './server-view.ts'
import { unknownProfile } from './unknown-profile.ts'

const params = z.object({ profile: z.string().describe('percent-encoded where it has a slash') })
const tags = ['servers']
const one = { 200: answer('The server as it is now', serverView), default: refusal }

const list = createRoute({
  method: 'get',
  path: '/servers',
  tags,
  summary: 'List the servers with state, queue and memory',
  responses: { 200: answer('The servers', serversView), default: refusal },
})
const start = createRoute({
  method: 'post',
  path: '/servers/{profile}/start',
  tags,
  summary: 'Start the server of a profile and wait until it is ready; the start goes on where the caller leaves',
  request: { params },
  responses: one,
})
const stop = createRoute({
  method: 'post',
  path: '/servers/{profile}/stop',
  tags,
  summary: 'Stop a server once its answers under way have ended, or now',
  request: { params, body: { required: false, content: jsonContent(z.object({ now: z.boolean().default(false) })) } },
  responses: one,
})
const retry = createRoute({
  method: 'post',
  path: '/servers/{profile}/retry',
  tags,
  summary: 'Forget failures and pauses, and start at once',
  request: { params },
  responses: one,
})
const logs = createRoute({
  method: 'get',
  path: '/servers/{profile}/logs',
  tags,
  summary: 'The last lines of a server’s output',
  request: { params },
  responses: { 200: answer('The lines, oldest first', z.object({ lines: z.array(z.string()) })), default: refusal },
})
const follow = createRoute({
  method: 'get',
  path: '/servers/{profile}/logs/follow',
  tags,
  summary: 'The last lines of a server’s output, and each further one',
  request: { params },
  responses: {
    200: {
      description: 'Server-sent events, each a line as a JSON text',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    default: refusal,
  },
})

export const servers = createDoors()
  .openapi(list, (c) => c.json(viewServers(c.env.house), 200))
  .openapi(start, async (c) => {
    const { profile } = c.req.valid('param')
    await begin(c.env.house, profile, c.req.raw.signal)
    return c.json(find(c.env.house, profile), 200)
  })
  .openapi(stop, async (c) => {
    const { profile } = c.req.valid('param')
    const { now = false } = c.req.valid('json')
    find(c.env.house, profile)
    await c.env.house.scheduler.stop(profile, { now })
    return c.json(find(c.env.house, profile), 200)
  })
  .openapi(retry, async (c) => {
    const { profile } = c.req.valid('param')
    c.env.house.supervisor.reset(profile)
    await begin(c.env.house, profile, c.req.raw.signal)
    return c.json(find(c.env.house, profile), 200)
  })
  .openapi(logs, (c) => {
    const { profile } = c.req.valid('param')
    find(c.env.house, profile)
    return c.json({ lines: [...c.env.house.supervisor.log(profile)] }, 200)
  })
  .openapi(follow, (c) => {
    const { profile } = c.req.valid('param')
    const { supervisor, closing } = c.env.house
    find(c.env.house, profile)
    return eventStream({
      until: [closing, c.var.identity.revoked],
      begin(push, signal) {
        for (const line of tail(supervisor.log(profile))) push({ data: line })
        supervisor.follow(profile, (line) => push({ data: line }), signal)
      },
    })
  })

/** The last lines that together stay well below what a reader may lag behind. */
function tail(lines: readonly string[]): readonly string[] {
  let left = 256 * 1024
  const from = lines.findLastIndex((line) => (left -= line.length) < 0)
  return lines.slice(from + 1)
}

async function begin({ router, scheduler }: House, name: string, signal: AbortSignal): Promise<void> {
  await scheduler.start(await router.resolve(name), signal)
}

function find(house: House, profile: string): ServerView {
  const server = viewServers(house).servers.find((server) => server.profile === profile)
  if (server !== undefined) return server
  if (!house.router.list().some(({ id }) => id === profile)) throw unknownProfile(profile, house)
  throw new GatewayError('not_found', `The profile "${profile}" has had no server yet; the first request starts it.`)
}
