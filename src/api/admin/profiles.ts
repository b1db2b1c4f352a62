/** Profiles: how models are served. Those of the file, of local models and of the starter are only shown. */
import { createRoute, z } from '@hono/zod-openapi'
import { untilLeft } from '../asker.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'
import { dropProfile, readGiven, saveProfile, showSaved } from './profile-saving.ts'
import { given, saved, show, shown } from './profile-view.ts'
import { listedProfile } from './unknown-profile.ts'

const name = z.object({ name: z.string().describe('percent-encoded where it has a slash') })
const tags = ['profiles']

const list = createRoute({
  method: 'get',
  path: '/profiles',
  tags,
  summary: 'List the profiles, and the models on disk that answer to their own id',
  responses: { 200: answer('All profiles', z.object({ profiles: z.array(shown) })), default: refusal },
})
const create = createRoute({
  method: 'post',
  path: '/profiles',
  tags,
  summary: 'Make a profile; its model may come later, and a warning says so',
  request: { body: { required: true, content: jsonContent(given) } },
  responses: { 201: answer('The profile as it is now', saved), default: refusal },
})
const get = createRoute({
  method: 'get',
  path: '/profiles/{name}',
  tags,
  summary: 'Show one profile',
  request: { params: name },
  responses: { 200: answer('The profile', shown), default: refusal },
})
const replace = createRoute({
  method: 'put',
  path: '/profiles/{name}',
  tags,
  summary: 'Replace a profile; its server stops when it is idle, where it would have to be started otherwise',
  request: { params: name, body: { required: true, content: jsonContent(given) } },
  responses: { 200: answer('The profile as it is now', saved), default: refusal },
})
const remove = createRoute({
  method: 'delete',
  path: '/profiles/{name}',
  tags,
  summary: 'Remove a profile; its server stops when it is idle',
  request: { params: name },
  responses: { 200: answer('Removed', z.object({ removed: z.string() })), default: refusal },
})

export const profiles = createDoors()
  .openapi(list, (c) => c.json({ profiles: c.env.house.router.list().map((listed) => show(listed, c.env.house)) }, 200))
  .openapi(create, async (c) => {
    const { house } = c.env
    const profile = saveProfile(readGiven(c.req.valid('json'), house), undefined, house)
    return c.json(await showSaved(profile, house, untilLeft(c.req.raw, house.closing)), 201)
  })
  .openapi(get, (c) => c.json(show(listedProfile(c.req.valid('param').name, c.env.house), c.env.house), 200))
  .openapi(replace, async (c) => {
    const { house } = c.env
    const profile = saveProfile(readGiven(c.req.valid('json'), house), c.req.valid('param').name, house)
    return c.json(await showSaved(profile, house, untilLeft(c.req.raw, house.closing)), 200)
  })
  .openapi(remove, (c) => {
    const { name } = c.req.valid('param')
    dropProfile(name, c.env.house)
    return c.json({ removed: name }, 200)
  })
