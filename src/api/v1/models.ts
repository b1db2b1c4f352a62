/** What can be asked for, in a body that OpenAI's and Anthropic's clients both read. */
import { createRoute, z } from '@hono/zod-openapi'
import { permitted } from '../../proxy/proxy.ts'
import type { ListedModel } from '../../router/router.ts'
import { model as listedModel, modelList as listedModels } from '../../wire/openai.ts'
import { answer, createDoors, refusal, toKeys } from '../door.ts'
import type { House } from '../door.ts'
import { GatewayError } from '../../errors.ts'

// a copy: a schema made before zod-openapi was loaded cannot be described
const model = listedModel.extend({}).openapi('ListedModel')
const modelList = listedModels.extend({ data: z.array(model) }).openapi('ModelList')

const list = createRoute({
  method: 'get',
  path: '/models',
  tags: ['models'],
  summary: 'List every name that can be asked for and that this key may use',
  security: toKeys,
  responses: { 200: answer('The models', modelList), default: refusal },
})
const retrieve = createRoute({
  method: 'get',
  path: '/models/{id}',
  tags: ['models'],
  summary: 'Show one model, by name or alias; a slash in it may be percent-encoded or not',
  security: toKeys,
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: answer('The model', model), default: refusal },
})

export const models = createDoors()
  .openapi(list, (c) => {
    const { house } = c.env
    const identity = house.access.authenticate(c.req.header(), 'inference')
    const allowed = house.router
      .list()
      .filter(({ available, id, aliases }) => available && [id, ...aliases].some((name) => identity.mayUse(name)))
    const data = allowed.map((listed) => show(listed, listed.id, house))
    const ends = { first_id: data.at(0)?.id ?? null, last_id: data.at(-1)?.id ?? null }
    return c.json({ object: 'list' as const, data, has_more: false as const, ...ends }, 200)
  })
  .openapi(retrieve, async (c) => c.json(await find(c.env.house, c.req.header(), c.req.valid('param').id), 200))

// official clients encode the slash of `owner/name`; people do not
models.get('/models/:owner/:name', async (c) => {
  const { owner, name } = c.req.param()
  return c.json(await find(c.env.house, c.req.header(), `${owner}/${name}`), 200)
})

async function find(house: House, headers: Record<string, string>, name: string): Promise<z.output<typeof model>> {
  const identity = house.access.authenticate(headers, 'inference')
  const { profile } = await permitted(name, identity.mayUse, house.router)
  const listed = house.router.list().find(({ id }) => id === profile.name)
  if (listed === undefined)
    throw new GatewayError('model_not_found', 'That model has just been removed.', { param: 'model' })
  return show(listed, name, house)
}

const startedAt = Date.now()

function show(listed: ListedModel, id: string, { supervisor }: House): z.output<typeof model> {
  const server = supervisor.servers().find(({ profile }) => profile === listed.id)
  return {
    id,
    object: 'model',
    type: 'model',
    display_name: id,
    // when the gateway began to offer it: nothing on disk says more
    created: Math.floor(startedAt / 1000),
    created_at: new Date(startedAt).toISOString(),
    owned_by: listed.model?.source ?? listed.profile.engine,
    state: server?.state.kind ?? 'stopped',
    context_length: listed.contextLength ?? null,
    capabilities: [...listed.capabilities],
    aliases: [...listed.aliases],
  }
}
