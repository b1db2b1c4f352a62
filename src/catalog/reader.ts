/** Reads models and remembers what it read, so that an unchanged folder is not read again. */
import { createHash } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { Candidate } from './candidate.ts'
import type { CatalogEvent } from './events.ts'
import type { FolderFile } from './folder.ts'
import type { Model, ModelFacts } from './model.ts'
import { isObject } from './raw-config.ts'
import { fault, openFolder, readFacts } from './read-model.ts'
import { createTeller } from './tell-once.ts'
import { parseObject } from '../wire/json.ts'

/** What must be known of a folder to read it. */
export type Readable = Pick<Candidate, 'id' | 'source' | 'path' | 'roots' | 'broken' | 'unfinished'>

export interface Reader {
  /** The model in a folder, checked now: the same object as before while the names, sizes and times of its files are the same.
   *  Throws GatewayError `model_load_failed` with the bare reason, also for a candidate that is no use. */
  read(candidate: Readable): Promise<Model>
  /** At the end of a look: forgets every folder but these. */
  keep(paths: ReadonlySet<string>): void
}

/** Part of every fingerprint; raised when `ModelFacts` or the way they are read changes. */
const FACTS_VERSION = 1

export function createReader(kept: Store['modelFacts'], announce: (event: CatalogEvent) => void): Reader {
  const memory = new Map<string, { readonly fingerprint: string; readonly model: Model }>()
  const tell = createTeller(announce)
  const trouble = new Set<string>()

  /** All of it can be read again: a disk that refuses costs a second look at the folder, never the model in it. */
  function ifItCan<T>(ask: () => T): T | undefined {
    try {
      return ask()
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      trouble.add(`What was read of models cannot be kept: ${error.message}`)
      return undefined
    }
  }

  function known(folder: string, fingerprint: string): ModelFacts | undefined {
    const row = ifItCan(() => kept.get(folder))
    return row?.fingerprint === fingerprint ? parseFacts(row.facts) : undefined
  }

  async function readAnew(folder: string, files: readonly FolderFile[], fingerprint: string): Promise<ModelFacts> {
    const read = await readFacts(files)
    ifItCan(() => kept.set({ path: folder, fingerprint, facts: JSON.stringify(read) }))
    return read
  }

  return {
    async read({ id, source, path, roots, broken, unfinished }) {
      if (broken !== undefined && !unfinished) throw fault(broken)
      const { folder, files } = await openFolder(path, roots).catch((cause: unknown) => {
        throw broken === undefined ? cause : fault(broken, cause)
      })
      const fingerprint = fingerprintOf(files)
      // a link or a second place may show one folder under two names
      const key = JSON.stringify([folder, id, source])
      const same = memory.get(key)
      if (same?.fingerprint === fingerprint) return same.model
      const before = known(folder, fingerprint)
      // what was read while nothing was missing from it can miss nothing now
      if (before === undefined && broken !== undefined) throw fault(broken)
      const facts = before ?? (await readAnew(folder, files, fingerprint))
      const model: Model = { id, source, path: folder, facts }
      memory.set(key, { fingerprint, model })
      return model
    },
    keep(paths) {
      for (const [key, { model }] of memory) {
        if (paths.has(model.path)) continue
        memory.delete(key)
        ifItCan(() => kept.remove(model.path))
      }
      tell([...trouble])
      trouble.clear()
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
  const value = parseObject(json)
  return value !== undefined && isFacts(value) ? value : undefined
}

function isFacts(value: unknown): value is ModelFacts {
  if (!isObject(value)) return false
  const { modelType, weightsBytes, kv, capabilities } = value
  return (
    typeof modelType === 'string' && typeof weightsBytes === 'number' && isObject(kv) && Array.isArray(capabilities)
  )
}
