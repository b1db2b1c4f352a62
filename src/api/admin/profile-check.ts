/** Looking at a profile while it is being written: what saving it would refuse, what would run, what memory that would take. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Foresight } from '../../catalog/catalog.ts'
import { examineProfile, expandProfileHome } from '../../config/config.ts'
import { untilLeft } from '../asker.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'
import type { House } from '../door.ts'
import { memoryOf, prospectsOf } from './profile-prospects.ts'

const bytes = z.int().describe('bytes')
const memory = z
  .object({
    weightBytes: bytes.nullable().describe('of the model and its draft model; null where they are not known'),
    contextBytes: bytes.nullable().describe('the caches for contexts of so many tokens; null where that is not known'),
    context: z.int().nullable().describe('tokens'),
    reservedBytes: bytes.describe('what its server will be given of the budget'),
    budgetBytes: bytes.describe('what all servers together may hold'),
    freeBytes: bytes.describe('of the budget, its own server aside'),
    fit: z
      .enum(['fits', 'fits alone', 'does not fit'])
      .describe('beside what runs now; once that has been unloaded; never'),
  })
  .openapi('ProfileMemory')
const checked = z
  .object({
    problems: z
      .array(
        z.object({
          path: z.string().describe('aliases[1]; empty for the whole'),
          message: z.string(),
        }),
      )
      .describe('all that saving it would be refused for'),
    warnings: z.array(z.string()).describe('why it could not be served at the moment'),
    command: z
      .array(z.string())
      .nullable()
      .describe('the very command line, `<port>` in the place of the port; null where that cannot be told yet'),
    memory: memory.nullable().describe('null where its model is not there'),
  })
  .openapi('CheckedProfile')

const check = createRoute({
  method: 'post',
  path: '/profiles/check',
  tags: ['profiles'],
  summary: 'Look at a profile that may be half written, as saving it would; changes nothing',
  request: {
    body: {
      required: true,
      content: jsonContent(
        z.object({
          settings: z.record(z.string(), z.unknown()).describe('as for making a profile'),
          replaces: z.string().optional().describe('the name of the profile that is being edited'),
        }),
      ),
    },
  },
  responses: { 200: answer('What there is to say', checked), default: refusal },
})

export const profileCheck = createDoors().openapi(check, async (c) => {
  const { house } = c.env
  const { settings, replaces } = c.req.valid('json')
  return c.json(await look(settings, replaces, house, untilLeft(c.req.raw, house.closing)), 200)
})

async function look(
  written: unknown,
  replaces: string | undefined,
  house: House,
  signal: AbortSignal,
): Promise<z.output<typeof checked>> {
  const { problems: faults, draft } = examineProfile(written)
  const faulty = new Set(faults.map(({ path }) => fieldOf(path)))
  const settings = expandProfileHome(draft, house.config.homeDirectory)
  const refusals = house.catalog.refusals(settings, replaces)
  const clashes = refusals.map(({ param = '', message }) => ({ path: param, message }))
  const problems = [...faults, ...clashes.filter(({ path }) => path === '' || !faulty.has(fieldOf(path)))]

  const profile = house.catalog.draftProfile(settings)
  // what a field at fault would lead to is no news
  const runs = !['', 'engine', 'model', 'command'].some((field) => faulty.has(field))
  const prospects = runs ? await prospectsOf(profile, house, signal) : undefined
  const memory = memoryOf(
    profile,
    prospects?.served,
    [profile.name, ...(replaces === undefined ? [] : [replaces])],
    house,
  )
  return {
    problems,
    warnings: [...(prospects?.warnings ?? [])],
    command: prospects?.command === undefined ? null : [...prospects.command],
    memory: memory === undefined ? null : viewMemory(memory),
  }
}

function viewMemory({ verdict: fit, needBytes: reservedBytes, ...known }: Foresight): z.output<typeof memory> {
  const { weightsBytes: weightBytes = null, cacheBytes: contextBytes = null, context = null } = known
  const { budgetBytes, freeBytes } = known
  return { weightBytes, contextBytes, context, reservedBytes, budgetBytes, freeBytes, fit }
}

/** `aliases[1]` → `aliases` */
function fieldOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? ''
}
