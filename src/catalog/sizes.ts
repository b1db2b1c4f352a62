/** What each model takes on disk: measured in the background when its folder has changed, and remembered. One writer: `measureAll`. */
import { GatewayError, messageOf } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { Candidate } from './candidate.ts'
import type { CatalogEvent } from './events.ts'
import { fingerprintOf, measure, parseSizes, totalOf, type Sizes } from './measure.ts'
import { findOwnFolder } from './own-folder.ts'
import { createTeller } from './tell-once.ts'

export interface SizeBook {
  /** Measures those of these models whose folders have changed, and forgets all others. */
  update(candidates: readonly Candidate[]): void
  /** As last measured; undefined until then. */
  of(folder: string): Sizes | undefined
  /** Of all models together, as last measured: what several share is counted once. */
  total(): number
  /** Resolves when nothing is being measured. */
  settled(): Promise<void>
  close(): Promise<void>
}

export interface SizeParts {
  readonly kept: Store['modelSizes']
  readonly announce: (event: CatalogEvent) => void
  readonly now: () => number
}

interface Known {
  readonly fingerprint: string
  readonly sizes: Sizes
}

export function createSizes({ kept, announce, now }: SizeParts): SizeBook {
  const closing = new AbortController()
  const known = new Map<string, Known>()
  const tell = createTeller(announce)
  let waiting: readonly Candidate[] | undefined
  let running: Promise<void> | undefined
  for (const { path, fingerprint, sizes } of kept.list()) {
    const parsed = parseSizes(sizes)
    if (parsed !== undefined) known.set(path, { fingerprint, sizes: parsed })
  }

  /** Whether it was measured anew. */
  async function measureOne(candidate: Candidate): Promise<boolean> {
    const { folder, source } = candidate
    const own = await findOwnFolder(candidate)
    // what lies behind a link is none of this model's bytes
    if (own === undefined || own.linked) return false
    // a blob never changes but while it comes
    const mayGrow = (name: string) => source !== 'huggingface' || name.endsWith('.incomplete')
    const fingerprint = await fingerprintOf(own.path, mayGrow, closing.signal)
    if (known.get(folder)?.fingerprint === fingerprint) return false
    const sizes = await measure(own.path, closing.signal)
    known.set(folder, { fingerprint, sizes })
    kept.set({ path: folder, fingerprint, sizes: JSON.stringify(sizes) })
    return true
  }

  function forgetAllBut(folders: ReadonlySet<string>): void {
    for (const path of known.keys()) {
      if (folders.has(path)) continue
      known.delete(path)
      kept.remove(path)
    }
  }

  async function measureAll(candidates: readonly Candidate[]): Promise<void> {
    const began = now()
    const trouble: string[] = []
    let models = 0
    for (const candidate of candidates) {
      try {
        if (await measureOne(candidate)) models += 1
      } catch (error) {
        if (closing.signal.aborted) return
        trouble.push(`${candidate.folder} cannot be measured: ${messageOf(error)}`)
      }
    }
    forgetAllBut(new Set(candidates.map(({ folder }) => folder)))
    tell(trouble)
    if (models > 0) announce({ type: 'catalog.measured', models, ms: now() - began })
  }

  async function work(): Promise<void> {
    for (let next = waiting; next !== undefined; next = waiting) {
      waiting = undefined
      await measureAll(next).catch((error: unknown) => {
        announce({ type: 'catalog.trouble', message: `Sizes of models cannot be kept: ${messageOf(error)}` })
      })
    }
    running = undefined
  }

  return {
    update(candidates) {
      waiting = candidates
      running ??= work()
    },
    of: (folder) => known.get(folder)?.sizes,
    total: () => totalOf([...known.values()].map(({ sizes }) => sizes)),
    async settled() {
      await running
    },
    async close() {
      closing.abort(new GatewayError('shutting_down', 'The gateway is shutting down.'))
      await running
    },
  }
}
