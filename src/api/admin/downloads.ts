/** Downloads: models on their way from the hub to the disk. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Download } from '../../downloads/downloads.ts'
import { answer, createDoors, jsonContent, refusal, type House } from '../door.ts'

const file = z.object({ path: z.string(), bytes: z.int(), totalBytes: z.int() })
const download = z
  .object({
    id: z.int(),
    repo: z.string(),
    revision: z.string().describe('as asked for'),
    commit: z.string(),
    state: z.enum(['queued', 'running', 'verifying', 'paused', 'complete', 'failed', 'cancelled']),
    pausedBy: z
      .enum(['hand', 'disk', 'network'])
      .nullable()
      .describe('what it waits for: somebody, space on the disk, or the hub'),
    reason: z.string().nullable().describe('why it is paused or has failed'),
    bytes: z.int(),
    totalBytes: z.int(),
    bytesPerSecond: z.number().nullable(),
    leftMs: z.int().nullable().describe('until it is complete, ms'),
    files: z.array(file),
    createdAt: z.int().describe('ms since 1970'),
    updatedAt: z.int().describe('ms since 1970'),
  })
  .openapi('Download')
export type DownloadView = z.output<typeof download>
const wanted = z.strictObject({
  id: z.string().describe('`owner/name` on the hub'),
  revision: z.string().min(1).max(200).default('main').describe('a branch, a tag or a commit'),
})
const params = z.object({
  id: z
    .string()
    .min(1)
    .describe('its number; or `owner/name` of its model, percent-encoded: the one that is not over, else the last'),
})
const tags = ['downloads']
const one = { 200: answer('The download', download), default: refusal }
const doing = (verb: 'pause' | 'resume' | 'cancel', summary: string) =>
  createRoute({ method: 'post', path: `/downloads/{id}/${verb}`, tags, summary, request: { params }, responses: one })

const list = createRoute({
  method: 'get',
  path: '/downloads',
  tags,
  summary:
    'List the downloads, oldest first; /events tells of each change as `download.changed` and `download.progress`',
  responses: { 200: answer('The downloads', z.object({ downloads: z.array(download) })), default: refusal },
})
const pull = createRoute({
  method: 'post',
  path: '/downloads',
  tags,
  summary: 'Pull a model; one that is on its way already is answered as it is, one that was paused or failed goes on',
  request: { body: { content: jsonContent(wanted), required: true } },
  responses: { 202: answer('The download', download), default: refusal },
})
const show = createRoute({
  method: 'get',
  path: '/downloads/{id}',
  tags,
  summary: 'Show a download',
  request: { params },
  responses: one,
})
const pause = doing('pause', 'Pause a download; what has come is kept')
const resume = doing('resume', 'Go on with a download that was paused or failed')
const cancel = doing('cancel', 'Give a download up and throw away what has come')
const forget = createRoute({
  method: 'delete',
  path: '/downloads/{id}',
  tags,
  summary:
    'Take a download that is over off the list; what is on disk stays. One that has failed is given up before that',
  request: { params },
  responses: { 200: answer('Forgotten', z.object({ removed: z.int() })), default: refusal },
})

const forgetOver = createRoute({
  method: 'delete',
  path: '/downloads',
  tags,
  summary: 'Take all downloads that are complete or were given up off the list; what is on disk stays',
  responses: { 200: answer('Forgotten', z.object({ removed: z.array(z.int()) })), default: refusal },
})

export const downloads = createDoors()
  .openapi(list, (c) => c.json({ downloads: c.env.house.downloads.list().map(view) }, 200))
  .openapi(pull, async (c) => {
    const { id, revision } = c.req.valid('json')
    return c.json(view(await c.env.house.downloads.pull(id, revision, c.env.house.closing)), 202)
  })
  .openapi(show, (c) => c.json(view(named(c.env, c.req.valid('param'))), 200))
  .openapi(pause, (c) => {
    const { id } = named(c.env, c.req.valid('param'))
    return c.json(view(c.env.house.downloads.pause(id)), 200)
  })
  .openapi(resume, (c) => {
    const { id } = named(c.env, c.req.valid('param'))
    return c.json(view(c.env.house.downloads.resume(id)), 200)
  })
  .openapi(cancel, async (c) => {
    const { id } = named(c.env, c.req.valid('param'))
    return c.json(view(await c.env.house.downloads.cancel(id)), 200)
  })
  .openapi(forget, async (c) => {
    const { id } = named(c.env, c.req.valid('param'))
    await c.env.house.downloads.forget(id)
    return c.json({ removed: id }, 200)
  })
  .openapi(forgetOver, (c) => c.json({ removed: [...c.env.house.downloads.forgetOver()] }, 200))

function named({ house }: { readonly house: House }, { id }: z.output<typeof params>): Download {
  return house.downloads.find(id)
}

/** Flat, with null for what is not known; also what `/events` tells. */
export function view({ state, bytesPerSecond, leftMs, files, ...facts }: Download): DownloadView {
  return {
    ...facts,
    state: state.kind,
    pausedBy: state.kind === 'paused' ? state.by : null,
    reason: 'reason' in state ? state.reason : null,
    bytesPerSecond: bytesPerSecond ?? null,
    leftMs: leftMs ?? null,
    files: [...files],
  }
}
