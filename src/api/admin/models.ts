/** Models: the weights on disk, whole and not. */
import { createRoute, z } from '@hono/zod-openapi'
import { isStarter, type Model } from '../../catalog/catalog.ts'
import { answer, createDoors, refusal } from '../door.ts'
import type { House } from '../door.ts'

const model = z
  .object({
    id: z.string(),
    source: z.enum(['huggingface', 'folder', 'lmstudio', 'starter']),
    path: z.string(),
    modelType: z.string(),
    weightsBytes: z.int(),
    quantization: z.string(),
    contextLength: z.int().nullable().describe('tokens'),
    capabilities: z.array(z.string()),
    remoteCode: z.boolean().describe('wants to run Python code of its own'),
  })
  .openapi('Model')
const incomplete = z.object({ id: z.string(), path: z.string(), reason: z.string() }).openapi('IncompleteModel')
const shelf = z.object({ models: z.array(model), incomplete: z.array(incomplete) }).openapi('Models')
const tags = ['models']

const list = createRoute({
  method: 'get',
  path: '/models',
  tags,
  summary: 'List the models on disk, and the folders that cannot be used with why',
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
  summary:
    'Delete the starter model from disk, stopping its server first; other models are not the gateway’s to delete',
  request: { params: z.object({ id: z.string().describe('percent-encoded where it has a slash') }) },
  responses: { 200: answer('Deleted', z.object({ removed: z.string() })), default: refusal },
})

export const models = createDoors()
  .openapi(list, (c) => c.json(showShelf(c.env.house), 200))
  .openapi(refresh, async (c) => {
    await c.env.house.catalog.refresh()
    return c.json(showShelf(c.env.house), 200)
  })
  .openapi(remove, async (c) => {
    const { id } = c.req.valid('param')
    const { catalog, engines, scheduler } = c.env.house
    const servedBy = isStarter({ model: id }) ? catalog.profiles().filter(isStarter) : []
    await Promise.all(servedBy.map(({ name }) => scheduler.stop(name, { now: true })))
    const removal = () => catalog.removeModel(id)
    await (isStarter({ model: id }) ? engines.removeStarter(removal) : removal())
    return c.json({ removed: id }, 200)
  })

function showShelf({ catalog }: House): z.output<typeof shelf> {
  return { models: catalog.models().map(show), incomplete: [...catalog.incomplete()] }
}

function show({ id, source, path, facts }: Model): z.output<typeof model> {
  const { modelType, weightsBytes, quantization, contextLength = null, capabilities, remoteCode } = facts
  return {
    id,
    source,
    path,
    modelType,
    weightsBytes,
    quantization,
    contextLength,
    capabilities: [...capabilities],
    remoteCode,
  }
}
