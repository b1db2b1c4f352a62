/** Folders and the files in them, never beyond the places where models may live. */
import type { Dirent } from 'node:fs'
import { opendir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { GatewayError } from '../errors.ts'

/** Real paths of the folders that files and folders must lie in; `anywhere` for a path that the owner wrote in the configuration file. */
export type Roots = readonly string[] | 'anywhere'

export interface FolderFile {
  readonly name: string
  /** Real path. */
  readonly path: string
  readonly bytes: number
  readonly mtimeMs: number
}

/** Something that belongs to a model is not there. */
export class MissingPart extends GatewayError {
  constructor(what: string, cause?: unknown) {
    super('model_load_failed', what, { cause })
  }
}

/** What mlx_lm reads from a folder (`mlx_lm/utils.py`); the rest is nobody's business. */
const READ_BY_ENGINES = /^[^.].*\.(json|jsonl|safetensors|py|model|tiktoken|txt|jinja)$/
/** What mlx_lm takes for weights (`glob("model*.safetensors")`, in no folder); a folder with any looks like a model. */
export function isWeights(name: string): boolean {
  return /^model[^/]*\.safetensors$/.test(name)
}

/** Entries of one folder that are looked at; a folder with more is no model's. */
const MOST_ENTRIES = 5000

/** Entries of a folder in the order of their names, at most `MOST_ENTRIES`. */
export async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries: Dirent[] = []
  for await (const entry of await opendir(folder)) {
    entries.push(entry)
    if (entries.length === MOST_ENTRIES) break
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether a real path is one of the roots or lies in one. Pure. */
export function isInside(path: string, roots: Roots): boolean {
  return (
    roots === 'anywhere' ||
    roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep))
  )
}

/** The files of a folder that engines read, links resolved, in the order of their names.
 *  Throws GatewayError `model_load_failed` for a link that leads nowhere or out of the roots. */
export async function filesOf(folder: string, roots: Roots): Promise<readonly FolderFile[]> {
  const names = (await entriesOf(folder)).map(({ name }) => name).filter((name) => READ_BY_ENGINES.test(name))
  const files: FolderFile[] = []
  for (const name of names) {
    const path = await realpath(join(folder, name)).catch((cause: unknown) => {
      throw new MissingPart(`${name} is missing or unreadable`, cause)
    })
    if (!isInside(path, roots)) {
      throw new GatewayError('model_load_failed', `${name} is a link that leads out of the model folders`)
    }
    const facts = await stat(path)
    if (facts.isFile()) files.push({ name, path, bytes: facts.size, mtimeMs: facts.mtimeMs })
  }
  return files
}
