/** Verifying a model on disk, and mending it. */
import { createRoute, z } from '@hono/zod-openapi'
import { isBad, type VerifyProgress, type Which } from '../../catalog/catalog.ts'
import type { Download } from '../../downloads/downloads.ts'
import { asGatewayError } from '../../errors.ts'
import { createDoors, refusal, type House } from '../door.ts'
import { errorBody } from '../errors.ts'
import { eventStream, type Push } from '../event-stream.ts'
import { view as viewDownload } from './downloads.ts'
import { refuseInUse } from './in-use.ts'
import { params, which } from './models.ts'
import { repair } from './repair.ts'
import { absentFrom, shouldBeThere } from './should-be-there.ts'

const PROGRESS_EVERY_MS = 250

const verify = createRoute({
  method: 'post',
  path: '/models/{id}/verify',
  tags: ['models'],
  summary: 'Read every file of a model again and compare it with what it must be; it ends when nobody listens any more',
  request: {
    params,
    query: which.extend({
      repair: z
        .enum(['true', 'false'])
        .default('false')
        .describe('fetch again what is broken or missing; no server may use it. What is being fetched goes on'),
    }),
  },
  responses: {
    200: {
      description:
        'Server-sent events: `progress` with bytes and totalBytes, then `verified` with the files (each ok, broken, missing or unknown, with why) and `unlisted`: why their names could not be compared with those that should be there, else null; with `repair`, where something is broken or missing, `download` as in /downloads, then `repaired`. Or `error`',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    default: refusal,
  },
})

export const verification = createDoors().openapi(verify, async (c) => {
  const { house } = c.env
  const { id } = c.req.valid('param')
  const { repair, ...which } = c.req.valid('query')
  const mend = repair === 'true'
  await (mend ? refuseInUse(id, which, house) : house.catalog.usersOf(id, which))
  return eventStream({
    until: [house.closing, c.var.identity.revoked],
    begin(push, signal, end) {
      const leaving = AbortSignal.any([signal, house.closing])
      carryOut(house, { id, which, mend }, push, leaving)
        .catch((error: unknown) => push({ event: 'error', data: errorBody(asGatewayError(error)) }))
        .finally(end)
    },
  })
})

interface Wish {
  readonly id: string
  readonly which: Which
  readonly mend: boolean
}

async function carryOut(house: House, { id, which, mend }: Wish, push: Push, signal: AbortSignal): Promise<void> {
  const { catalog, downloads } = house
  const report = seldom((progress: VerifyProgress) => push({ event: 'progress', data: progress }))
  const [found, listed] = await Promise.all([
    catalog.verifyModel(id, which, { hash: downloads.hash, report, signal }),
    shouldBeThere(house, id, which, signal),
  ])
  const files = [...found, ...absentFrom(found, listed)]
  push({ event: 'verified', data: { files, unlisted: listed.unlisted } })
  if (!mend || !files.some(isBad)) return
  await refuseInUse(id, which, house)
  const tell = seldom((download: Download) => push({ event: 'download', data: viewDownload(download) }))
  await repair(house, id, which, files, tell, signal)
  push({ event: 'repaired', data: { files: files.filter(isBad).map(({ path }) => path) } })
}

/** Passes on what there is to tell a few times a second. */
function seldom<News>(tell: (news: News) => void): (news: News) => void {
  let told = Number.NEGATIVE_INFINITY
  return (news) => {
    const now = performance.now()
    if (now - told < PROGRESS_EVERY_MS) return
    told = now
    tell(news)
  }
}
