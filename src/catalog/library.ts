/** Every model that is on disk: looked for when asked to, never by itself. One writer: `look`. */
import { GatewayError, messageOf } from '../errors.ts'
import type { Candidate, SearchedPlace } from './candidate.ts'
import type { CatalogEvent } from './events.ts'
import type { Model } from './model.ts'
import type { Reader } from './reader.ts'
import { scan } from './scan.ts'
import { createTeller } from './tell-once.ts'

/** A folder that looks like a model and cannot be used, with why. */
export interface IncompleteModel {
  readonly id: string
  readonly path: string
  readonly reason: string
}

export interface Library {
  /** Looks again. Asked while it looks, it looks once more afterwards, for all who asked meanwhile. */
  refresh(): Promise<void>
  /** Looks again unless it has just done so. */
  refreshIfStale(): Promise<void>
  models(): readonly Model[]
  incomplete(): readonly IncompleteModel[]
  /** Where the model of this id, or at this real path, was found. */
  byId(id: string): Candidate | undefined
  byPath(path: string): Candidate | undefined
  /** Stops looking and waits until it has stopped. */
  close(): Promise<void>
}

export interface LibraryParts {
  readonly places: readonly SearchedPlace[]
  /** What to make of a candidate: the starter's folder has a source of its own, and may be switched off. */
  readonly admit: (candidate: Candidate) => Candidate | undefined
  readonly reader: Reader
  readonly announce: (event: CatalogEvent) => void
  readonly now: () => number
}

/** Unknown names make it look again at most this often, in milliseconds. */
const STALE_AFTER = 3000

interface Shelf {
  readonly models: readonly Model[]
  readonly incomplete: readonly IncompleteModel[]
  readonly candidates: ReadonlyMap<Model, Candidate>
}

export function createLibrary(parts: LibraryParts): Library {
  const closing = new AbortController()
  const tell = createTeller(parts.announce)
  let shelf: Shelf = { models: [], incomplete: [], candidates: new Map() }
  let lookedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined
  let queued: Promise<void> | undefined

  async function look(): Promise<void> {
    const began = parts.now()
    const { candidates, trouble } = await scan(parts.places, closing.signal)
    shelf = await readAll(candidates, parts, closing.signal)
    parts.reader.keep(new Set(shelf.models.map(({ path }) => path)))
    lookedAt = parts.now()
    tell(trouble.map(({ path, reason }) => `Cannot look for models in ${path}: ${reason}`))
    const counts = { models: shelf.models.length, incomplete: shelf.incomplete.length }
    parts.announce({ type: 'catalog.refreshed', ...counts, ms: lookedAt - began })
  }

  function begin(): Promise<void> {
    running = look().finally(() => {
      running = undefined
    })
    return running
  }

  function refresh(): Promise<void> {
    if (running === undefined) return begin()
    queued ??= Promise.allSettled([running]).then(() => {
      queued = undefined
      return begin()
    })
    return queued
  }

  function find(test: (model: Model) => boolean): Candidate | undefined {
    const model = shelf.models.find(test)
    return model && shelf.candidates.get(model)
  }

  return {
    refresh,
    async refreshIfStale() {
      if (running !== undefined) await running
      else if (Math.abs(parts.now() - lookedAt) >= STALE_AFTER) await refresh()
    },
    models: () => shelf.models,
    incomplete: () => shelf.incomplete,
    byId: (id) => find((model) => model.id === id),
    byPath: (path) => find((model) => model.path === path),
    async close() {
      closing.abort(new GatewayError('shutting_down', 'The gateway is shutting down.'))
      await Promise.allSettled([running, queued])
    },
  }
}

/** Reads each candidate; of several whole ones with the same id the first counts. */
async function readAll(candidates: readonly Candidate[], parts: LibraryParts, signal: AbortSignal): Promise<Shelf> {
  const models = new Map<string, Model>()
  const found = new Map<Model, Candidate>()
  const incomplete: IncompleteModel[] = []
  for (const candidate of candidates) {
    signal.throwIfAborted()
    const admitted = parts.admit(candidate)
    if (admitted === undefined || models.has(admitted.id)) continue
    try {
      if (admitted.broken !== undefined) throw new GatewayError('model_load_failed', admitted.broken)
      const model = await parts.reader.read(admitted)
      models.set(model.id, model)
      found.set(model, admitted)
    } catch (error) {
      if (error instanceof GatewayError && error.code !== 'model_load_failed') throw error
      incomplete.push({ id: admitted.id, path: admitted.path, reason: messageOf(error) })
    }
  }
  const missing = incomplete.filter(({ id }) => !models.has(id))
  return { models: [...models.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), incomplete: missing, candidates: found }
}
