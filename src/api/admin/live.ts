/** Everything that happens, as it happens: a snapshot first, then every event of the house. Their shapes are those of `live-shapes.ts`. */
import { createRoute, z } from '@hono/zod-openapi'
import { createDoors, refusal } from '../door.ts'
import { eventStream } from '../event-stream.ts'

const events = createRoute({
  method: 'get',
  path: '/events',
  tags: ['events'],
  summary:
    'Follow what happens. The first event, `snapshot`, is everything as it is: servers, memory, downloads, requests under way and the last events worth telling; each further one is a JSON object with a `type` and `at`, ms since 1970',
  responses: {
    200: {
      description: 'Server-sent events; a reader that lags by more than 1 MiB is let go and should connect anew',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    default: refusal,
  },
})

export const live = createDoors().openapi(events, async (c) => {
  const { feed, closing } = c.env.house
  await feed.prepare()
  return eventStream({ until: [closing, c.var.identity.revoked], begin: feed.join })
})
