/** Whether the gateway lives and is ready, and its metrics. None of them wakes a model. */
import { createRoute, z } from '@hono/zod-openapi'
import { answer, createDoors, refusal, toAnybody, toKeys } from './door.ts'

const status = z.object({ status: z.literal('ok') })
const tags = ['health']

const lives = createRoute({
  method: 'get',
  path: '/health',
  tags,
  summary: 'The gateway answers (some clients refuse to start without this)',
  security: toAnybody,
  responses: { 200: answer('It does', status), default: refusal },
})
const livez = createRoute({ ...lives, path: '/livez', summary: 'The gateway’s process lives' })
const readyz = createRoute({
  ...lives,
  path: '/readyz',
  summary: 'The gateway takes requests',
  responses: {
    200: answer('It does', status),
    503: answer('It is closing', z.object({ status: z.literal('closing') })),
  },
})
const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  tags,
  summary: 'Prometheus metrics; needs a key where /v1 does',
  security: toKeys,
  responses: {
    200: { description: 'Text format 0.0.4', content: { 'text/plain': { schema: z.string() } } },
    default: refusal,
  },
})

export const health = createDoors()
  .openapi(lives, (c) => c.json({ status: 'ok' as const }, 200))
  .openapi(livez, (c) => c.json({ status: 'ok' as const }, 200))
  .openapi(readyz, (c) =>
    c.env.house.closing.aborted ? c.json({ status: 'closing' as const }, 503) : c.json({ status: 'ok' as const }, 200),
  )
  .openapi(metrics, async (c) => {
    c.env.house.access.authenticate(c.req.header(), 'metrics')
    return c.text(await c.env.house.telemetry.metrics(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    })
  })
