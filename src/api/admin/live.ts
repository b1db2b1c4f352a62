/** Everything that happens, as it happens: a snapshot first, then every event of the house. */
import { createRoute, z } from '@hono/zod-openapi'
import type { GatewayEvent } from '../../telemetry/telemetry.ts'
import { createDoors, refusal } from '../door.ts'
import { eventStream } from '../event-stream.ts'
import { view as viewDownload } from './downloads.ts'
import { viewServers } from './server-view.ts'

const events = createRoute({
  method: 'get',
  path: '/events',
  tags: ['events'],
  summary:
    'Follow what happens. The first event, `snapshot`, is what /servers answers; each further one is a JSON object with a `type`',
  responses: {
    200: {
      description: 'Server-sent events; a reader that lags by more than 1 MiB is let go and should connect anew',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    default: refusal,
  },
})

export const live = createDoors().openapi(events, (c) => {
  const { house } = c.env
  return eventStream({
    until: [house.closing, c.var.identity.revoked],
    begin(push, signal) {
      let id = 0
      push({ id, event: 'snapshot', data: viewServers(house) })
      const leave = house.telemetry.listen((event) => {
        id += 1
        push({ id, data: tellable(event) })
      })
      signal.addEventListener('abort', leave, { once: true })
    },
  })
})

/** Stacks are for the log; a download looks as it does in /downloads. */
function tellable(event: GatewayEvent): unknown {
  if (event.type === 'download.changed' || event.type === 'download.progress')
    return { type: event.type, download: viewDownload(event.download) }
  if (event.type !== 'gateway.trouble') return event
  const { detail: _, ...told } = event
  return told
}
