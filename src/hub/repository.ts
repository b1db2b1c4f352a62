/** What the hub says of one model: its commit, its files, its licence. */
import type { ListFileEntry } from '@huggingface/hub'
import type { HubAccess } from '../config/config.ts'
import { apiFetch, strange } from './api-fetch.ts'
import { checkIds } from './ids.ts'
import { hubLibrary } from './library.ts'
import type { Line } from './line.ts'
import { countOf, toldOf, type Told } from './told.ts'

export interface HubFile {
  readonly path: string
  readonly bytes: number
  /** The name of its blob: the sha256 of a large file, the git hash of a small one. */
  readonly blob: string
  readonly hash: 'sha256' | 'git-sha1'
}

export interface Repository extends Told {
  readonly files: readonly HubFile[]
}

/** A branch, a tag or a commit of a model. */
export interface Named {
  readonly id: string
  readonly revision: string
}

/** Throws GatewayError `invalid_request`, `not_found`, `permission_denied` or `hub_unreachable`. */
export async function readRepository(access: HubAccess, asked: Named, line: Line): Promise<Repository> {
  const told = await readTold(access, asked, line)
  return { ...told, files: await readFiles(access, told, line) }
}

/** Without its files; throws as `readRepository` does. */
export async function readTold(access: HubAccess, asked: Named, line: Line): Promise<Told> {
  checkIds(asked.id, asked.revision)
  const { modelInfo } = await hubLibrary()
  const raw = await modelInfo({
    name: asked.id,
    revision: asked.revision,
    hubUrl: access.endpoint,
    fetch: apiFetch(access, line, asked),
    additionalFields: ['sha', 'tags', 'cardData'],
  })
  const told = toldOf(raw)
  if (told === undefined) throw strange(access, `no facts of ${asked.id}`)
  return told
}

/** Every file of a commit, in folders too. */
export async function readFiles(
  access: HubAccess,
  { id, commit }: { readonly id: string; readonly commit: string },
  line: Line,
): Promise<readonly HubFile[]> {
  const { listFiles } = await hubLibrary()
  const files: HubFile[] = []
  const listed = listFiles({
    repo: { type: 'model', name: id },
    revision: commit,
    recursive: true,
    hubUrl: access.endpoint,
    fetch: apiFetch(access, line, { id, revision: commit }),
  })
  for await (const entry of listed) {
    if (entry.type !== 'file') continue
    const file = fileOf(entry)
    if (file === undefined) throw strange(access, `a list of ${id} that cannot be understood`)
    files.push(file)
  }
  return files
}

function fileOf({ path, size, oid, lfs }: ListFileEntry): HubFile | undefined {
  const bytes = countOf(lfs?.size ?? size)
  if (typeof path !== 'string' || bytes === undefined) return undefined
  if (lfs !== undefined) return isHash(lfs.oid, 64) ? { path, bytes, blob: lfs.oid, hash: 'sha256' } : undefined
  return isHash(oid, 40) ? { path, bytes, blob: oid, hash: 'git-sha1' } : undefined
}

/** It becomes a file's name. */
function isHash(text: unknown, digits: number): text is string {
  return typeof text === 'string' && text.length === digits && /^[0-9a-f]+$/.test(text)
}
