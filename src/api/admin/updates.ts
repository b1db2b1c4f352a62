/** Which models on disk the hub has something newer of. Nothing is fetched. */
import { createRoute, z } from '@hono/zod-openapi'
import { GatewayError } from '../../errors.ts'
import { untilLeft } from '../asker.ts'
import { answer, createDoors, refusal, type House } from '../door.ts'

const update = z
  .object({
    id: z.string(),
    revision: z.string().describe('a branch or tag that was fetched'),
    commit: z.string().describe('what it was then'),
    latest: z.string().nullable().describe('what it is now'),
    available: z.boolean().describe('a pull would bring something newer'),
    reason: z.string().nullable().describe('why it is not known'),
  })
  .openapi('Update')
const updates = z
  .object({
    updates: z.array(update),
    offline: z.boolean().describe('the hub cannot be asked'),
    reason: z.string().nullable().describe('why'),
  })
  .openapi('Updates')

const list = createRoute({
  method: 'get',
  path: '/models/updates',
  tags: ['models'],
  summary: 'Ask the hub whether it has something newer of the models on disk, without fetching it',
  responses: { 200: answer('Every branch and tag of hub models on disk', updates), default: refusal },
})

export const modelUpdates = createDoors().openapi(list, async (c) => {
  const { house } = c.env
  const here = branchesOf(house)
  const { commits, reason } = await ask(house, here, untilLeft(c.req.raw, house.closing))
  const updates = here.map((branch, at) => compare(branch, commits[at]))
  return c.json({ updates, offline: reason !== null, reason }, 200)
})

interface Branch {
  readonly id: string
  readonly revision: string
  readonly commit: string
}

/** A revision that was fetched by its commit never changes. */
function branchesOf({ catalog }: House): readonly Branch[] {
  return catalog
    .local()
    .flatMap(({ id, revisions }) =>
      revisions.flatMap(({ commit, refs }) => refs.map((revision) => ({ id, revision, commit }))),
    )
}

async function ask({ hub }: House, branches: readonly Branch[], signal: AbortSignal) {
  try {
    return { commits: await hub.commits(branches, signal), reason: null }
  } catch (thrown) {
    if (!(thrown instanceof GatewayError) || thrown.code !== 'hub_unreachable') throw thrown
    return { commits: [], reason: thrown.message }
  }
}

function compare(branch: Branch, latest: string | GatewayError | undefined): z.output<typeof update> {
  if (typeof latest === 'string') return { ...branch, latest, available: latest !== branch.commit, reason: null }
  return { ...branch, latest: null, available: false, reason: latest?.message ?? null }
}
