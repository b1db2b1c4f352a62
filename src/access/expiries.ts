/** Tells of keys on the moment they expire: one timer for all of them. */

export interface ExpiriesParts {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls `run` once after `ms`; the result cancels it. */
  readonly later: (run: () => void, ms: number) => () => void
  readonly expired: (id: string) => void
}

export interface Expiries {
  watch(id: string, expiresAt: number): void
  forget(id: string): void
}

/** The clock may be set, or the machine sleep, while a timer runs: it is looked at this often, ms. */
const lookEvery = 60_000

export function createExpiries({ now, later, expired }: ExpiriesParts): Expiries {
  const due = new Map<string, number>()
  let cancel: (() => void) | undefined

  function arm(): void {
    cancel?.()
    cancel = undefined
    if (due.size === 0) return
    const nearest = Math.min(...due.values())
    cancel = later(look, Math.min(lookEvery, Math.max(0, nearest - now())))
  }

  function look(): void {
    const over = [...due].filter(([, expiresAt]) => expiresAt <= now())
    for (const [id] of over) due.delete(id)
    arm()
    for (const [id] of over) expired(id)
  }

  return {
    watch(id, expiresAt) {
      due.set(id, expiresAt)
      arm()
    },
    forget(id) {
      if (due.delete(id)) arm()
    },
  }
}
