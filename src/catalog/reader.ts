/** Reads models and remembers what it read, so that an unchanged folder is not read again. */
import { createHash } from 'node:crypto'
import type { Store } from '../store/store.ts'
import type { Candidate } from './candidate.ts'
import type { FolderFile } from './folder.ts'
import type { Model, ModelFacts } from './model.ts'
import { isObject } from './raw-config.ts'
import { openFolder, readFacts } from './read-model.ts'

export interface Reader {
  /** The model in a folder, checked now: the same object as before while the names, sizes and times of its files are the same.
   *  Throws GatewayError `model_load_failed` with the bare reason. */
  read(candidate: Pick<Candidate, 'id' | 'source' | 'path' | 'roots'>): Promise<Model>
  /** Forgets every folder but these. */
  keep(paths: ReadonlySet<string>): void
}

/** Part of every fingerprint; raised when `ModelFacts` or the way they are read changes. */
const FACTS_VERSION = 1

export function createReader(kept: Store['modelFacts']): Reader {
  const memory = new Map<string, { readonly fingerprint: string; readonly model: Model }>()

  async function facts(folder: string, files: readonly FolderFile[], fingerprint: string): Promise<ModelFacts> {
    const row = kept.get(folder)
    const known = row?.fingerprint === fingerprint ? parseFacts(row.facts) : undefined
    if (known !== undefined) return known
    const read = await readFacts(files)
    kept.set({ path: folder, fingerprint, facts: JSON.stringify(read) })
    return read
  }

  return {
    async read({ id, source, path, roots }) {
      const { folder, files } = await openFolder(path, roots)
      const fingerprint = fingerprintOf(files)
      const before = memory.get(folder)
      if (before?.fingerprint === fingerprint && before.model.id === id && before.model.source === source) {
        return before.model
      }
      const model: Model = { id, source, path: folder, facts: await facts(folder, files, fingerprint) }
      memory.set(folder, { fingerprint, model })
      return model
    },
    keep(paths) {
      for (const path of memory.keys()) {
        if (paths.has(path)) continue
        memory.delete(path)
        kept.remove(path)
      }
    },
  }
}

function fingerprintOf(files: readonly FolderFile[]): string {
  const facts = files.map(({ name, path, bytes, mtimeMs }) => [name, path, bytes, mtimeMs])
  return createHash('sha256')
    .update(JSON.stringify([FACTS_VERSION, facts]))
    .digest('hex')
}

/** Facts this version wrote; undefined where they were damaged, so that they are read anew. */
function parseFacts(json: string): ModelFacts | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  return isFacts(value) ? value : undefined
}

function isFacts(value: unknown): value is ModelFacts {
  if (!isObject(value)) return false
  const { modelType, weightsBytes, kv, capabilities } = value
  return (
    typeof modelType === 'string' && typeof weightsBytes === 'number' && isObject(kv) && Array.isArray(capabilities)
  )
}
