/** Profiles: how models are served. Those of the file, of local models and of the starter are only shown. */
import { createRoute, z } from '@hono/zod-openapi'
import { launchFingerprint, type Profile } from '../../catalog/catalog.ts'
import { profileSettings, readProfile } from '../../config/config.ts'
import { GatewayError, messageOf } from '../../errors.ts'
import type { ListedModel } from '../../router/router.ts'
import { isObject } from '../../wire/json.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'
import type { House } from '../door.ts'
import { unknownProfile } from './unknown-profile.ts'

/** `z.json()` refers to itself, which cannot be printed. */
const parameters = z.record(z.string(), z.unknown())
const printable = profileSettings.extend({ defaults: parameters.default({}), force: parameters.default({}) })

/** What a profile may be given as. It is read by the configuration's own `readProfile`, whose words name what is wrong; this describes it. */
const given = z
  .custom<z.input<typeof profileSettings>>(isObject, 'must be an object')
  .openapi('ProfileSettings', JSON.parse(JSON.stringify(z.toJSONSchema(printable, { io: 'input' }))))

const described = printable.omit({ idle: true, memory: true, concurrency: true }).extend({
  origin: z.enum(['file', 'store', 'local', 'starter']),
  readOnly: z.boolean(),
  available: z.boolean().describe('false where its model was not on disk when last looked for'),
  idle: z.int().describe('ms; 0: never unloaded for idleness'),
  concurrency: z.int(),
  memory: z.int().optional().describe('bytes'),
})
const shown = described.openapi('Profile')
const saved = described
  .extend({ warnings: z.array(z.string()).describe('why it could not be served at the moment') })
  .openapi('SavedProfile')

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
  .openapi(list, (c) => c.json({ profiles: c.env.house.router.list().map(show) }, 200))
  .openapi(create, async (c) => {
    const { house } = c.env
    return c.json(await check(house.catalog.createProfile(readProfile(c.req.valid('json'))), house), 201)
  })
  .openapi(get, (c) => {
    const { name } = c.req.valid('param')
    const listed = c.env.house.router.list().find(({ id }) => id === name)
    if (listed === undefined) throw unknownProfile(name, c.env.house)
    return c.json(show(listed), 200)
  })
  .openapi(replace, async (c) => {
    const { house } = c.env
    const { catalog, scheduler } = house
    const { name } = c.req.valid('param')
    const settings = readProfile(c.req.valid('json'))
    const before = catalog.profiles().find((profile) => profile.name === name)
    const after = known(name, house, () => catalog.replaceProfile(name, settings))
    if (before !== undefined && !sameServer(before, after)) scheduler.retire(name)
    return c.json(await check(after, house), 200)
  })
  .openapi(remove, (c) => {
    const { house } = c.env
    const { name } = c.req.valid('param')
    known(name, house, () => house.catalog.removeProfile(name))
    house.scheduler.retire(name)
    return c.json({ removed: name }, 200)
  })

/** A profile that was just saved, after a look at what it serves. */
async function check(profile: Profile, { catalog }: House): Promise<z.output<typeof saved>> {
  const warnings: string[] = []
  try {
    await catalog.serve(profile)
  } catch (error) {
    warnings.push(messageOf(error))
  }
  return { ...show({ profile, available: warnings.length === 0 }), warnings }
}

/** Only the store knows of a profile that it cannot read; whatever it does not know either is unknown to all. */
function known<Done>(name: string, house: House, act: () => Done): Done {
  try {
    return act()
  } catch (error) {
    const listed = house.router.list().some(({ id }) => id === name)
    throw error instanceof GatewayError && error.code === 'not_found' && !listed ? unknownProfile(name, house) : error
  }
}

function sameServer(before: Profile, after: Profile): boolean {
  const sameModel = before.model === after.model && before.revision === after.revision
  return before.name === after.name && sameModel && fingerprint(before) === fingerprint(after)
}

function fingerprint(profile: Profile): string {
  return launchFingerprint({ profile, model: undefined })
}

function show({ profile, available }: Pick<ListedModel, 'profile' | 'available'>): z.output<typeof shown> {
  const { aliases, arguments: flags, ...rest } = profile
  const readOnly = profile.origin !== 'store'
  return { ...rest, aliases: [...aliases], arguments: [...flags], readOnly, available }
}
