/** Models: the weights on disk, whole and not. */
import { createRoute, z } from '@hono/zod-openapi'
import { isStarter } from '../../catalog/catalog.ts'
import { answer, createDoors, refusal } from '../door.ts'
import { refuseInUse } from './in-use.ts'
import { modelView, viewModels } from './model-view.ts'

export const params = z.object({ id: z.string().describe('percent-encoded where it has a slash') })
export const which = z.object({
  revision: z.string().min(1).optional().describe('of a hub model: only this branch, tag or commit'),
  folder: z.string().min(1).optional().describe('where several have one id: the one that lies there'),
})
const shelf = z.object({ models: z.array(modelView) }).openapi('Models')
const tags = ['models']

const list = createRoute({
  method: 'get',
  path: '/models',
  tags,
  summary: 'List the models on disk, also those that cannot be used, with why',
  responses: { 200: answer('The models', shelf), default: refusal },
})
const refresh = createRoute({
  method: 'post',
  path: '/models/refresh',
  tags,
  summary: 'Look for models again',
  responses: { 200: answer('The models', shelf), default: refusal },
})
const remove = createRoute({
  method: 'delete',
  path: '/models/{id}',
  tags,
  summary: 'Delete a model from disk, which no server must use; the starter’s server is stopped first',
  request: { params, query: which },
  responses: { 200: answer('Deleted', z.object({ removed: z.string(), freedBytes: z.int() })), default: refusal },
})

export const models = createDoors()
  .openapi(list, (c) => c.json({ models: viewModels(c.env.house) }, 200))
  .openapi(refresh, async (c) => {
    await c.env.house.catalog.refresh()
    return c.json({ models: viewModels(c.env.house) }, 200)
  })
  .openapi(remove, async (c) => {
    const { id } = c.req.valid('param')
    const which = c.req.valid('query')
    const { catalog, engines, scheduler } = c.env.house
    if (isStarter({ model: id })) {
      const servedBy = catalog.profiles().filter(isStarter)
      await Promise.all(servedBy.map(({ name }) => scheduler.stop(name, { now: true })))
    } else await refuseInUse(id, which, c.env.house)
    const removal = () => catalog.removeModel(id, which)
    const freed = await (isStarter({ model: id }) ? engines.removeStarter(removal) : removal())
    return c.json({ removed: id, ...freed }, 200)
  })
