/** Deletes models: exactly what is a model's own, inside the places where models live, never behind a link. */
import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GatewayError, messageOf } from '../errors.ts'
import type { Candidate, SearchedPlace } from './candidate.ts'
import type { CatalogEvent } from './events.ts'
import { entriesOf, isInside, isWeights } from './folder.ts'
import { ownFolder } from './own-folder.ts'
import { refsOf } from './refs.ts'
import { planFolder, planRevision, type RemovalPlan } from './removal-plan.ts'
import type { Revision } from './revisions.ts'
import { payloadsOf } from './shared-store.ts'
import { sweep } from './sweep.ts'
import { entryAt, treeOf, type TreeEntry } from './tree.ts'
import { carryOut } from './unlink.ts'

export interface RemovalParts {
  readonly places: readonly SearchedPlace[]
  /** The gateway's own folder, which may lie beside models but not within one. */
  readonly dataDirectory: string
  readonly announce: (event: CatalogEvent) => void
}

/** The whole of it, or one revision and what no other needs. Returns the bytes that the disk got back. Throws GatewayError `read_only`,
 *  before anything is deleted, for a folder that is not this model's alone or cannot be read; `not_found` for one that is gone. */
export async function removeCandidate(
  candidate: Candidate,
  revision: Revision | undefined,
  parts: RemovalParts,
): Promise<number> {
  const home = await ownFolder(candidate)
  await refuseCompany(candidate, home, parts)
  const tree = await readable(candidate, treeOf(home))
  refuseStranger(candidate, home, tree)
  const plan = await planOf(candidate, revision, home, tree)
  if (candidate.source !== 'huggingface') return carryOut(plan)
  const payloads = await payloadsOf(home, tree)
  const freed = await carryOut(plan)
  const shared = await sweep(
    plan.files.flatMap((path) => payloads.get(path)?.path ?? []),
    dirname(home),
    (message) => parts.announce({ type: 'catalog.trouble', message }),
  )
  const isGone = (await entryAt(home)) === undefined
  return freed + shared + (isGone ? await removeLocks(home) : 0)
}

/** What a folder of the gateway's own holds; a link in its place is deleted itself. */
export async function removeOwnFolder(folder: string): Promise<number> {
  const entry = await entryAt(folder)
  if (entry === undefined) return 0
  if (entry.kind !== 'folder')
    return carryOut({ files: [join(await realpath(dirname(folder)), basename(folder))], folders: [] })
  const home = await realpath(folder)
  return carryOut(planFolder(home, await treeOf(home)))
}

async function planOf(
  candidate: Candidate,
  revision: Revision | undefined,
  home: string,
  tree: readonly TreeEntry[],
): Promise<RemovalPlan> {
  if (revision === undefined) return planFolder(home, tree)
  const refs = await readable(candidate, refsOf(home, lookStrictly))
  const plan = planRevision(home, tree, revision.commit, refs)
  if (plan !== undefined) return plan
  throw new GatewayError('not_found', `Revision ${revision.commit} of ${candidate.id} is no longer there.`)
}

async function lookStrictly(path: string): ReturnType<typeof entriesOf> {
  return (await entryAt(path))?.kind === 'folder' ? entriesOf(path) : []
}

/** A place, or the gateway's own folder, is nobody's model, whatever lies in it. */
async function refuseCompany({ id }: Candidate, home: string, { places, dataDirectory }: RemovalParts): Promise<void> {
  const kept = [...places.map(({ path }) => path), dataDirectory]
  for (const path of kept) {
    const real = await realpath(path).catch(() => undefined)
    if (real === undefined || !isInside(real, [home])) continue
    const message = `"${id}" is not deleted: ${home} is or holds a folder that the gateway works with (${path}). Delete the model's files yourself.`
    throw new GatewayError('read_only', message)
  }
}

/** 1. In a folder that a person named, `config.json` alone makes no model: any project may have one. 2. A model in a folder of a model's is
 *  another model, though no search goes so deep. */
function refuseStranger({ id, source }: Candidate, home: string, tree: readonly TreeEntry[]): void {
  if (source === 'huggingface') return
  const refuse = (why: string): GatewayError =>
    new GatewayError('read_only', `"${id}" is not deleted: ${why}. Delete by hand what you do not need.`)
  const weighty = new Set(tree.filter(({ path }) => isWeights(basename(path))).map(({ path }) => dirname(path)))
  if (source === 'folder' && !weighty.has(home)) {
    throw refuse(`${home} has no model*.safetensors in it and may be something else`) // 1
  }
  const inner = tree.find(
    ({ path }) => basename(path) === 'config.json' && dirname(path) !== home && weighty.has(dirname(path)),
  )
  if (inner !== undefined) throw refuse(`${dirname(inner.path)} is a model of its own`) // 2
}

/** huggingface_hub's, one per blob that was ever fetched, in a folder beside the repositories. */
async function removeLocks(home: string): Promise<number> {
  const locks = join(dirname(home), '.locks', basename(home))
  const isReal = (await realpath(locks).catch(() => undefined)) === locks
  return isReal ? carryOut(planFolder(locks, await treeOf(locks))) : 0
}

async function readable<T>({ id }: Candidate, looking: Promise<T>): Promise<T> {
  try {
    return await looking
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('read_only', `"${id}" is not deleted: its folder cannot be read (${messageOf(cause)}).`, {
      cause,
    })
  }
}
