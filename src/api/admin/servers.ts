/** Servers: the running processes, how they are used, and what a person may have them do. */
import { createRoute, z } from '@hono/zod-openapi'
import { GatewayError } from '../../errors.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'
import type { House } from '../door.ts'
import { logStream } from './log-stream.ts'
import type { FollowedLog } from './log-stream.ts'
import { serversView, serverView, viewServer, viewServers } from './server-view.ts'
import type { ServerView } from './server-view.ts'
import { listedProfile, unknownProfile } from './unknown-profile.ts'

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
const pin = createRoute({
  method: 'post',
  path: '/servers/{profile}/pin',
  tags,
  summary:
    'Say whether the server of a profile stays in memory though nobody uses it, whatever the profile says; it holds after a restart',
  request: { params, body: { required: true, content: jsonContent(z.strictObject({ pinned: z.boolean() })) } },
  responses: one,
})
const logs = createRoute({
  method: 'get',
  path: '/servers/{profile}/logs',
  tags,
  summary: 'The last lines of a server’s output, also of one that ran before the gateway was started',
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
  .openapi(pin, (c) => {
    const { house } = c.env
    const { profile } = c.req.valid('param')
    const listed = listedProfile(profile, house)
    house.scheduler.pin(profile, c.req.valid('json').pinned)
    return c.json(viewServer(listed, house), 200)
  })
  .openapi(logs, (c) => {
    const { profile } = c.req.valid('param')
    const lines = [...logOf(c.env.house, profile).lines()]
    if (lines.length === 0) find(c.env.house, profile)
    return c.json({ lines }, 200)
  })
  .openapi(follow, (c) => {
    const { profile } = c.req.valid('param')
    return logStream(logOf(c.env.house, profile), [c.env.house.closing, c.var.identity.revoked])
  })

/** Of every profile that there is, and of one that was removed until its server has stopped; also from earlier runs of the gateway. */
function logOf(house: House, profile: string): FollowedLog {
  const { router, supervisor } = house
  if (!router.list().some(({ id }) => id === profile)) find(house, profile)
  return {
    lines: () => supervisor.log(profile),
    follow: (hear, signal) => supervisor.follow(profile, hear, signal),
  }
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
