/** What the models take on disk, and what room there is for more. */
import { createRoute, z } from '@hono/zod-openapi'
import { answer, createDoors, refusal, type House } from '../door.ts'

const bytes = z.int().nullable().describe('bytes; null where it is not known')
const disk = z
  .object({
    models: z.array(
      z.object({
        id: z.string(),
        folder: z.string(),
        sizeBytes: bytes,
        ownBytes: bytes.describe('of that, what its deletion frees; other models need the rest'),
      }),
    ),
    totalBytes: z.int().describe('of all, what several share counted once'),
    places: z.array(
      z.object({
        path: z.string(),
        kind: z.enum(['huggingface', 'folder', 'lmstudio']),
        freeBytes: bytes.describe('on its disk'),
      }),
    ),
  })
  .openapi('DiskUse')

const show = createRoute({
  method: 'get',
  path: '/models/disk',
  tags: ['models'],
  summary: 'Show what the models take on disk and what is free there; waits until it is measured',
  responses: { 200: answer('What they take', disk), default: refusal },
})

export const diskUse = createDoors().openapi(show, async (c) => {
  const { house } = c.env
  const { catalog } = house
  await catalog.measured()
  const models = catalog.local().map(({ id, folder, sizeBytes = null, ownBytes = null }) => {
    return { id, folder, sizeBytes, ownBytes }
  })
  return c.json({ models, totalBytes: catalog.totalBytes(), places: await placesOf(house) }, 200)
})

/** One whose disk cannot be asked, because it is not there, say, is shown without. */
function placesOf({ config, host }: House): Promise<z.output<typeof disk>['places']> {
  return Promise.all(
    config.modelPlaces.map(async ({ path, kind }) => {
      return { path, kind, freeBytes: await host.freeBytes(path).catch(() => null) }
    }),
  )
}
