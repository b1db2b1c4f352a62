/** An idle gateway gives memory back: V8 keeps the pages of a busy hour until somebody asks for them. */

export interface IdleCollector extends Disposable {
  started(id: string): void
  /** What never started may end too: a request that could not be read. */
  ended(id: string): void
}

interface CollectorParts {
  /** Collects all garbage and returns its pages; node's own, which is there under `--expose-gc`. */
  readonly collect: () => void
  /** How long nothing may have been under way, ms. */
  readonly quietMs: number
  readonly now: () => number
}

/** Between `started` and `ended` something is under way. Collects once after each busy time, never while anything is under way. */
export function createIdleCollector({ collect, quietMs, now }: CollectorParts): IdleCollector {
  const underWay = new Set<string>()
  let quietSince = 0
  let timer: NodeJS.Timeout | undefined

  const arm = (ms: number): void => {
    timer = setTimeout(look, ms).unref()
  }
  const look = (): void => {
    timer = undefined
    if (underWay.size > 0) return
    const left = quietSince + quietMs - now()
    if (left > 0) arm(left)
    else collect()
  }
  return {
    started(id) {
      underWay.add(id)
    },
    ended(id) {
      underWay.delete(id)
      quietSince = now()
      if (timer === undefined) arm(quietMs)
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}

/** Node's collector in the form that also empties its stock of pages; does nothing where node was started without `--expose-gc`. */
export function collectAll(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
