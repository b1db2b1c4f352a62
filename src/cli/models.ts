/** `mlx-gateway models`: what is on disk, what it takes, whether there is something newer; deleting. */
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { inPath, read } from './admin-client.ts'
import { confirmed } from './confirm.ts'
import { splitRevision, withRevision } from './model-name.ts'
import type { Options } from './options.ts'
import { json, printable, size, span, table, weightsOf } from './print.ts'
import { withAdmin, type Client } from './session.ts'
import type { World } from './world.ts'

type Model = Awaited<ReturnType<typeof modelsOf>>['models'][number]
type Revision = Model['revisions'][number]

export function listModels(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const shelf = await modelsOf(client)
    if (options.json) return json(world, shelf)
    const rows = shelf.models.flatMap((model) =>
      model.facts === null || model.shadowed
        ? []
        : [
            [
              model.id,
              weightsOf(model.sizeBytes ?? model.facts.weightsBytes, model.facts.quantization),
              model.facts.contextLength,
              model.revisions.map(named).join(', '),
              model.lastUsed === null ? 'never' : `${span(Date.now() - model.lastUsed)} ago`,
              model.usedBy.join(', '),
            ],
          ],
    )
    const head = ['model', 'size', 'context', 'revisions', 'last used', 'used by']
    const none = 'No models on disk. mlx-gateway search finds some, mlx-gateway pull gets one.'
    table(world, head, rows, none, ['context', 'revisions', 'used by', 'last used'])
    for (const model of shelf.models) for (const line of notes(model)) world.out.write(printable(line))
  })
}

/** What the table has no place for. */
function notes({ id, folder, facts, shadowed, incomplete, sizeBytes, revisions }: Model): readonly string[] {
  if (shadowed) return [`\nnot used: ${folder}\n  another model called ${id} comes before it\n`]
  const lines = incomplete === null ? [] : [`\nincomplete: ${id}${sizeBytes === null ? '' : `, ${size(sizeBytes)}`}\n`]
  if (incomplete !== null) lines.push(`  ${incomplete.reason}\n`, ...resume(incomplete, id))
  const others = facts === null ? [] : revisions.filter((revision) => revision.incomplete !== null)
  for (const revision of others) {
    const { reason = '' } = revision.incomplete ?? {}
    lines.push(`\nincomplete: ${id}, revision ${named(revision)}\n  ${reason}\n`)
    lines.push(...resume(revision.incomplete, withRevision(id, revision.refs[0] ?? revision.commit)))
  }
  return lines
}

function resume(incomplete: Model['incomplete'], wanted: string): readonly string[] {
  return incomplete?.resumable === true ? [`  resume: mlx-gateway pull ${wanted}\n`] : []
}

export function removeModel(config: Config, world: World, wanted: string, options: Options): Promise<void> {
  const [id, revision] = splitRevision(wanted)
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    if (!options.yes && !(await confirmed(world, await question(client, id, revision, options.folder)))) {
      world.out.write('Nothing was deleted.\n')
      return
    }
    const query = { ...(revision && { revision }), ...(options.folder && { folder: options.folder }) }
    const { freedBytes } = await read(client.models[':id'].$delete({ param: inPath({ id }), query }))
    world.out.write(`Deleted ${wanted}; ${size(freedBytes)} freed.\n`)
  })
}

async function question(client: Client, id: string, wanted: string | undefined, folder: string | undefined) {
  const { models } = await modelsOf(client)
  const model = models.find((one) => one.id === id && (folder === undefined ? !one.shadowed : one.folder === folder))
  const revision = model?.revisions.find(
    ({ refs, commit }) => wanted !== undefined && [...refs, commit].includes(wanted),
  )
  const frees = (wanted === undefined ? model : revision)?.ownBytes ?? null
  const where = model === undefined ? '' : ` in ${model.folder}`
  const what = wanted === undefined ? id : `revision ${wanted} of ${id}`
  return `Delete ${what}${where}?${frees === null ? '' : ` That frees ${size(frees)}.`}`
}

export function diskUse(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const use = await diskUseOf(client)
    if (options.json) return json(world, use)
    const rows = use.models.map(({ id, folder, sizeBytes, ownBytes }) => [
      id,
      size(sizeBytes),
      sizeBytes === null || ownBytes === null ? undefined : size(sizeBytes - ownBytes),
      placeOf(id, folder, use),
    ])
    table(world, ['model', 'takes', 'shared', 'in'], rows, 'No models on disk.', ['in', 'shared'])
    world.out.write(`\n${size(use.totalBytes)} in all\n`)
    for (const { path, kind, freeBytes } of use.places) {
      const name = kind === 'folder' ? '' : ` (${places[kind]})`
      if (freeBytes !== null) world.out.write(printable(`${size(freeBytes)} free for ${path}${name}\n`))
    }
  })
}

const places = { huggingface: 'Hugging Face cache', lmstudio: 'LM Studio' } as const
type DiskUse = Awaited<ReturnType<typeof diskUseOf>>

/** By name where that says enough: a folder of one's own, and one of several models with the same id, are told apart by the path. */
function placeOf(id: string, folder: string, { models, places: known }: DiskUse): string {
  const alone = models.filter((model) => model.id === id).length === 1
  const kind = known.find(({ path }) => folder.startsWith(`${path}/`))?.kind ?? 'folder'
  return alone && kind !== 'folder' ? places[kind] : folder
}

function diskUseOf(client: Client) {
  return read(client.models.disk.$get())
}

export function listUpdates(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const answer = await read(client.models.updates.$get())
    if (options.json) return json(world, answer)
    if (answer.reason !== null) throw new GatewayError('hub_unreachable', answer.reason)
    const rows = answer.updates.flatMap(({ id, revision, commit, latest, available }) =>
      available ? [[id, revision, commit.slice(0, 12), latest?.slice(0, 12)]] : [],
    )
    const unknown = answer.updates.filter(({ reason }) => reason !== null)
    const none = unknown.length === 0 ? 'Every model is as new as the hub’s.' : 'Nothing newer is known of.'
    table(world, ['model', 'revision', 'here', 'on the hub'], rows, none)
    for (const { id, revision, reason } of unknown)
      world.out.write(printable(`\n${withRevision(id, revision)}: ${reason}\n`))
    const first = answer.updates.find(({ available }) => available)
    if (first === undefined) return
    world.out.write(`\nmlx-gateway pull ${withRevision(first.id, first.revision)} gets the newer one.\n`)
  })
}

function modelsOf(client: Client) {
  return read(client.models.$get())
}

function named({ refs, commit }: Revision): string {
  return refs.length === 0 ? commit.slice(0, 12) : refs.join(' = ')
}
