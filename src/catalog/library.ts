/** Every model that is on disk: looked for when asked to, never by itself. One writer: `look`. */
import { GatewayError } from '../errors.ts'
import type { Candidate, SearchedPlace } from './candidate.ts'
import type { CatalogEvent } from './events.ts'
import type { Reader } from './reader.ts'
import { scan } from './scan.ts'
import { readShelf, Shelf } from './shelf.ts'
import { createTeller } from './tell-once.ts'

export interface Library {
  /** Looks again. Asked while it looks, it looks once more afterwards, for all who asked meanwhile. */
  refresh(): Promise<void>
  /** Looks again unless it has just done so. */
  refreshIfStale(): Promise<void>
  /** What the last look found. */
  shelf(): Shelf
  /** Stops looking and waits until it has stopped. */
  close(): Promise<void>
}

export interface LibraryParts {
  readonly places: readonly SearchedPlace[]
  /** What to make of a candidate: the starter's folder has a source of its own, and may be switched off. */
  readonly admit: (candidate: Candidate) => Candidate | undefined
  readonly reader: Reader
  /** Called after each look. */
  readonly looked: (shelf: Shelf) => void
  readonly announce: (event: CatalogEvent) => void
  readonly now: () => number
}

/** Unknown names make it look again at most this often, in milliseconds. */
const STALE_AFTER = 3000

export function createLibrary(parts: LibraryParts): Library {
  const closing = new AbortController()
  const tell = createTeller(parts.announce)
  let shelf = new Shelf([])
  let lookedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined
  let queued: Promise<void> | undefined

  async function look(): Promise<void> {
    const began = parts.now()
    const { candidates, trouble } = await scan(parts.places, closing.signal)
    const admitted = candidates.flatMap((candidate) => parts.admit(candidate) ?? [])
    shelf = await readShelf(admitted, parts.reader, closing.signal)
    parts.reader.keep(shelf.paths())
    lookedAt = parts.now()
    tell(trouble.map(({ path, reason }) => `Cannot look for models in ${path}: ${reason}`))
    const counts = { models: shelf.models.length, incomplete: shelf.incomplete.length }
    parts.announce({ type: 'catalog.refreshed', ...counts, ms: lookedAt - began })
    parts.looked(shelf)
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

  return {
    refresh,
    async refreshIfStale() {
      if (running !== undefined) await running
      else if (Math.abs(parts.now() - lookedAt) >= STALE_AFTER) await refresh()
    },
    shelf: () => shelf,
    async close() {
      closing.abort(new GatewayError('shutting_down', 'The gateway is shutting down.'))
      await Promise.allSettled([running, queued])
    },
  }
}
