/** Profiles as files: all of them as YAML, and out of files of ours or llama-swap's. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Profile } from '../../catalog/catalog.ts'
import { readProfilesFile, writeProfilesFile } from '../../config/config.ts'
import { GatewayError } from '../../errors.ts'
import { untilLeft } from '../asker.ts'
import { answer, createDoors, jsonContent, refusal } from '../door.ts'
import type { House } from '../door.ts'
import { candidatesOf, planOf, type Planned } from './import-plan.ts'
import { prospectsOf } from './profile-prospects.ts'
import { saveProfile } from './profile-saving.ts'
import { given } from './profile-view.ts'

const tags = ['profiles']
const imported = z
  .object({
    form: z.enum(['mlx-gateway', 'llama-swap']).describe('whose file it is'),
    notes: z.array(z.string()).describe('what of the file as a whole is different here'),
    profiles: z.array(
      z.object({
        name: z.string(),
        action: z.enum(['create', 'replace', 'skip']),
        settings: given.nullable().describe('as they are, or would be, saved; null where there can be none'),
        problems: z.array(z.string()).describe('why it is skipped'),
        notes: z
          .array(z.string())
          .describe('what of it is different here, and why it could not be served at the moment'),
      }),
    ),
  })
  .openapi('ImportedProfiles')

const writeOut = createRoute({
  method: 'get',
  path: '/profiles/export',
  tags,
  summary: 'The profiles that were made here, as YAML in the form of the configuration file',
  responses: {
    200: { description: 'The file', content: { 'application/yaml': { schema: z.string() } } },
    default: refusal,
  },
})
const readIn = createRoute({
  method: 'post',
  path: '/profiles/import',
  tags,
  summary:
    'Make or replace profiles from a file, ours or llama-swap’s; what cannot be is skipped, and the rest is saved',
  request: {
    body: {
      required: true,
      content: jsonContent(
        z.object({
          yaml: z.string().describe('the text of the file'),
          dryRun: z.boolean().default(false).describe('only say what would be done'),
          only: z.array(z.string()).optional().describe('names; default: all'),
        }),
      ),
    },
  },
  responses: { 200: answer('What was done with each', imported), default: refusal },
})

export const profileExchange = createDoors()
  .openapi(writeOut, (c) => {
    const { profiles, unusable } = c.env.house.catalog.savedProfiles()
    return c.body(writeProfilesFile(profiles, unusable), 200, {
      'content-type': 'application/yaml; charset=utf-8',
      'content-disposition': 'attachment; filename="mlx-gateway-profiles.yaml"',
    })
  })
  .openapi(readIn, async (c) => {
    const { house } = c.env
    const { yaml, dryRun, only } = c.req.valid('json')
    const file = readProfilesFile(yaml, house.config.homeDirectory)
    const candidates = candidatesOf(file).filter(({ name }) => only?.includes(name) ?? true)
    const act = dryRun ? foresee : carryOut
    const done = planOf(candidates, house).map((plan) => act(plan, house))
    const profiles = []
    for (const one of done) profiles.push(await view(one, house, untilLeft(c.req.raw, house.closing)))
    return c.json({ form: file.form, notes: [...file.notes], profiles }, 200)
  })

/** `profile`: as it was saved, or would be; undefined where it is skipped. */
type Taken = Planned & { readonly profile: Profile | undefined }

function foresee(plan: Planned, { catalog }: House): Taken {
  const { action, settings } = plan
  const taken = action !== 'skip' && settings !== undefined
  return { ...plan, profile: taken ? catalog.draftProfile(settings) : undefined }
}

/** One that cannot be saved after all is skipped, and takes no other along. */
function carryOut(plan: Planned, house: House): Taken {
  const { name, action, settings } = plan
  if (action === 'skip' || settings === undefined) return { ...plan, profile: undefined }
  try {
    return { ...plan, profile: saveProfile(settings, action === 'replace' ? name : undefined, house) }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { ...plan, action: 'skip', problems: [error.message], profile: undefined }
  }
}

/** The look at what a saved one serves is remembered: from then on it is listed as what can be asked for. */
async function view(
  { name, action, settings, problems, notes, profile }: Taken,
  house: House,
  signal: AbortSignal,
): Promise<z.output<typeof imported>['profiles'][number]> {
  const warnings = profile === undefined ? [] : (await prospectsOf(profile, house, signal)).warnings
  return { name, action, settings: settings ?? null, problems: [...problems], notes: [...notes, ...warnings] }
}
