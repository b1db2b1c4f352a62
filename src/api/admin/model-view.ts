/** What is shown of a model on disk, whole or not. */
import { z } from '@hono/zod-openapi'
import type { Incomplete, LocalModel } from '../../catalog/catalog.ts'
import type { House } from '../door.ts'

const onDisk = (what: string) => z.int().nullable().describe(`bytes ${what}; null until measured`)
const incomplete = z
  .object({ reason: z.string(), resumable: z.boolean().describe('a pull would bring what is missing') })
  .nullable()
  .describe('why it cannot be used')
const facts = z
  .object({
    modelType: z.string(),
    weightsBytes: z.int(),
    quantization: z.string(),
    contextLength: z.int().nullable().describe('tokens'),
    capabilities: z.array(z.string()),
    remoteCode: z.boolean().describe('wants to run Python code of its own'),
  })
  .openapi('ModelFacts')
const revision = z
  .object({
    commit: z.string(),
    refs: z.array(z.string()).describe('branches and tags that point at it'),
    incomplete,
    sizeBytes: onDisk('of all that it needs'),
    ownBytes: onDisk('that its deletion frees'),
  })
  .openapi('ModelRevision')

export const modelView = z
  .object({
    id: z.string(),
    source: z.enum(['huggingface', 'folder', 'lmstudio', 'starter']),
    folder: z.string().describe('its own; tells two models with one id apart'),
    path: z.string().nullable().describe('what an engine loads'),
    facts: facts.nullable(),
    incomplete,
    shadowed: z.boolean().describe('another with the same id is used in its place'),
    sizeBytes: onDisk('on disk, in all'),
    ownBytes: onDisk('that its deletion frees: less where other models share it'),
    revisions: z.array(revision).describe('of a hub model'),
    usedBy: z.array(z.string()).describe('profiles beside its own'),
    lastUsed: z.int().nullable().describe('ms since 1970'),
  })
  .openapi('Model')

type Rooms = Pick<House, 'catalog' | 'requests' | 'scheduler'>

/** The scheduler knows of the last use of servers that run, the history of all others. */
export function viewModels({ catalog, requests, scheduler }: Rooms): z.output<typeof modelView>[] {
  const running = new Map(scheduler.snapshot().profiles.map(({ profile, lastUsed }) => [profile, lastUsed]))
  return catalog.local().map((local) => {
    const names = local.shadowed ? local.usedBy : [local.id, ...local.usedBy]
    const uses = names.flatMap((name) => [running.get(name) ?? [], requests.lastUsed(name) ?? []].flat())
    return { ...viewModel(local), lastUsed: uses.length === 0 ? null : Math.round(Math.max(...uses)) }
  })
}

function viewModel(local: LocalModel): Omit<z.output<typeof modelView>, 'lastUsed'> {
  const { id, source, folder, model, shadowed, sizeBytes = null, ownBytes = null } = local
  return {
    id,
    source,
    folder,
    shadowed,
    sizeBytes,
    ownBytes,
    path: model?.path ?? null,
    facts: model === undefined ? null : viewFacts(model.facts),
    incomplete: viewIncomplete(local.incomplete),
    revisions: local.revisions.map(({ commit, refs, incomplete, bytes = null, ownBytes = null }) => {
      return { commit, refs: [...refs], incomplete: viewIncomplete(incomplete), sizeBytes: bytes, ownBytes }
    }),
    usedBy: [...local.usedBy],
  }
}

function viewFacts(known: NonNullable<LocalModel['model']>['facts']): z.output<typeof facts> {
  const { modelType, weightsBytes, quantization, contextLength = null, capabilities, remoteCode } = known
  return { modelType, weightsBytes, quantization, contextLength, capabilities: [...capabilities], remoteCode }
}

function viewIncomplete(incomplete: Incomplete | undefined): Incomplete | null {
  return incomplete === undefined ? null : { reason: incomplete.reason, resumable: incomplete.resumable }
}
