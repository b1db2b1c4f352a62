/** Profiles: how models are served. Those of the file, of local models and of the starter are only shown. */
import { createRoute, z } from '@hono/zod-openapi'
import { launchFingerprint, type Profile } from '../../catalog/catalog.ts'
import { profileSettings, readProfile } from '../../config/config.ts'
import { GatewayError } from '../../errors.ts'
import { isObject } from '../../wire/json.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'
import type { House } from '../door.ts'

/** `z.json()` refers to itself, which cannot be printed. */
const parameters = z.record(z.string(), z.unknown())
const printable = profileSettings.extend({ defaults: parameters.default({}), force: parameters.default({}) })

/** What a profile may be given as. It is read by the configuration's own `readProfile`, whose words name what is wrong; this describes it. */
const given = z
  .custom<z.input<typeof profileSettings>>(isObject, 'must be an object')
  .openapi('ProfileSettings', JSON.parse(JSON.stringify(z.toJSONSchema(printable, { io: 'input' }))))

const shown = printable
  .omit({ idle: true, memory: true, concurrency: true })
  .extend({
    origin: z.enum(['file', 'store', 'local', 'starter']),
    readOnly: z.boolean(),
    idle: z.int().describe('ms; 0: never unloaded for idleness'),
    concurrency: z.int(),
    memory: z.int().optional().describe('bytes'),
  })
  .openapi('Profile')

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
  summary: 'Make a profile',
  request: { body: { required: true, content: jsonContent(given) } },
  responses: { 201: answer('The profile as it is now', shown), default: refusal },
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
  responses: { 200: answer('The profile as it is now', shown), default: refusal },
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
  .openapi(list, (c) => c.json({ profiles: c.env.house.router.list().map(({ profile }) => show(profile)) }, 200))
  .openapi(create, (c) => c.json(show(c.env.house.catalog.createProfile(readProfile(c.req.valid('json')))), 201))
  .openapi(get, (c) => c.json(show(find(c.env.house, c.req.valid('param').name)), 200))
  .openapi(replace, (c) => {
    const { catalog, scheduler } = c.env.house
    const { name } = c.req.valid('param')
    const before = catalog.profiles().find((profile) => profile.name === name)
    const after = catalog.replaceProfile(name, readProfile(c.req.valid('json')))
    if (before !== undefined && !sameServer(before, after)) scheduler.retire(name)
    return c.json(show(after), 200)
  })
  .openapi(remove, (c) => {
    const { name } = c.req.valid('param')
    c.env.house.catalog.removeProfile(name)
    c.env.house.scheduler.retire(name)
    return c.json({ removed: name }, 200)
  })

function find(house: House, name: string): Profile {
  const profile = house.router.list().find(({ id }) => id === name)?.profile
  if (profile === undefined) throw new GatewayError('not_found', `There is no profile called "${name.slice(0, 100)}".`)
  return profile
}

function sameServer(before: Profile, after: Profile): boolean {
  return before.name === after.name && before.model === after.model && fingerprint(before) === fingerprint(after)
}

function fingerprint(profile: Profile): string {
  return launchFingerprint({ profile, model: undefined })
}

function show(profile: Profile): z.output<typeof shown> {
  const { aliases, arguments: flags, ...rest } = profile
  return { ...rest, aliases: [...aliases], arguments: [...flags], readOnly: profile.origin !== 'store' }
}
