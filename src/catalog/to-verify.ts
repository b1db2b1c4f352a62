/** Looks up what there is to verify of a model, and what there should be. */
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { GatewayError, messageOf } from '../errors.ts'
import type { Candidate } from './candidate.ts'
import { checksOfRepository, namesInFolder, type Check, type VerifiedFile } from './checks.ts'
import { isInside, type FolderFile } from './folder.ts'
import { findOwnFolder } from './own-folder.ts'
import { missingShards } from './read-model.ts'
import { payloadsOf } from './shared-store.ts'
import { entryAt, treeOf } from './tree.ts'

/** Throws GatewayError `model_load_failed` for a folder that is gone, leads out of its place or cannot be read. */
export async function checksOf(
  candidate: Candidate,
  commits: ReadonlySet<string>,
  roots: readonly string[],
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const refuse = (why: string, cause?: unknown): GatewayError =>
    new GatewayError('model_load_failed', `Model "${candidate.id}" cannot be verified: ${why}.`, { cause })
  const own = await findOwnFolder(candidate)
  if (own === undefined) throw refuse('it is no longer there')
  if (!isInside(own.path, roots)) throw refuse('its folder is a link that leads out of the model folders')
  try {
    const tree = await treeOf(own.path, signal)
    if (candidate.source === 'huggingface') {
      return checksOfRepository(own.path, tree, await payloadsOf(own.path, tree), commits)
    }
    return await Promise.all(namesInFolder(own.path, tree).map((name) => checkInFolder(own.path, name, roots)))
  } catch (cause) {
    signal.throwIfAborted()
    throw refuse(messageOf(cause), cause)
  }
}

async function checkInFolder(home: string, name: string, roots: readonly string[]): Promise<Check> {
  const common = { path: name, revisions: [] }
  const path = await realpath(join(home, name)).catch(() => undefined)
  const file = path === undefined ? undefined : await entryAt(path)
  if (file === undefined) return { ...common, subject: { kind: 'missing', why: 'it is a link that leads nowhere' } }
  if (!isInside(file.path, roots)) {
    return { ...common, subject: { kind: 'broken', why: 'it is a link that leads out of the model folders' } }
  }
  return { ...common, subject: { kind: 'file', file, checksum: undefined } }
}

const INDEX = 'model.safetensors.index.json'

/** These files and, of each revision or of the plain folder, those that should be beside them. */
export async function withAbsent(
  files: readonly VerifiedFile[],
  checks: readonly Check[],
): Promise<readonly VerifiedFile[]> {
  const commits = new Set<string | undefined>(checks.flatMap(({ revisions }) => revisions))
  if (checks.some(({ revisions }) => revisions.length === 0)) commits.add(undefined)
  let all = [...files]
  for (const commit of commits) {
    const revisions = commit === undefined ? [] : [commit]
    const isOurs = (file: Pick<Check, 'revisions'>) => commit === undefined || file.revisions.includes(commit)
    try {
      const absent = await absentFrom(checks.filter(isOurs))
      const why = 'the model needs it and it is not there'
      all.push(...absent.map((path) => ({ path, revisions, bytes: 0, state: 'missing', why }) as const))
    } catch (error) {
      const found = { state: 'broken', why: messageOf(error) } as const
      all = all.map((file) => (file.path === INDEX && isOurs(file) ? { ...file, ...found } : file))
    }
  }
  return all
}

/** Rejects where the index of the weights cannot be used. */
async function absentFrom(checks: readonly Check[]): Promise<readonly string[]> {
  const files = checks.flatMap(({ path, subject }): readonly FolderFile[] =>
    subject.kind === 'file'
      ? [{ name: path, path: subject.file.path, bytes: subject.file.length, mtimeMs: subject.file.mtimeMs }]
      : [],
  )
  const wanted = ['config.json', ...(await missingShards(files))]
  return wanted.filter((name) => !checks.some(({ path }) => path === name))
}
