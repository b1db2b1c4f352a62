/** Who must leave so that one more server fits into the memory budget. */

/** A server that holds memory, as the rule sees it. */
export interface Resident {
  readonly profile: string
  /** What was reserved for it or what it was measured to hold, whichever is more; bytes. */
  readonly bytes: number
  readonly state: 'idle' | 'busy' | 'loading' | 'leaving'
  /** Never made to leave. */
  readonly pinned: boolean
  /** Idle: when its last request ended; busy: when a request was last let in; ms on the monotonic clock. The latter does not move
   *  while newcomers are held back, so whoever was chosen to make room stays chosen. */
  readonly lastUsed: number
  /** Requests that it was loaded for have not been served yet: as good as busy. */
  readonly waiting: boolean
}

export type Plan =
  /** Fits once these have left; at once when there are none. */
  | { readonly kind: 'start'; readonly evict: readonly string[] }
  /** `for` must end, load or leave first; `evict` are idle now and will have to leave as well. */
  | { readonly kind: 'wait'; readonly for: readonly string[]; readonly evict: readonly string[] }
  /** Can never fit; bytes. */
  | {
      readonly kind: 'refuse'
      readonly needBytes: number
      readonly budgetBytes: number
      readonly pinnedBytes: number
    }

/**
 * Who must leave so that `need` bytes fit into `budget` bytes.
 *
 * 1. What does not fit beside the pinned ones can never fit: refuse, with the numbers.
 * 2. It fits as things are: start.
 * 3. It fits once those that are leaving have left: wait for them, and make nobody else leave (two that wait share one eviction).
 * 4. Else some must leave, as few as will do: idle ones first, the longest unused before the rest; then busy ones; then loading
 *    ones. One taken early is spared when a later, larger one makes its leaving needless.
 * 5. If all of those are idle: start, evicting them.
 * 6. If not: wait for the busy and loading ones; they are never cut off.
 */
export function plan(need: number, budget: number, residents: readonly Resident[]): Plan {
  const pinnedBytes = sum(residents.filter((resident) => resident.pinned && resident.state !== 'leaving'))
  if (need + pinnedBytes > budget) return { kind: 'refuse', needBytes: need, budgetBytes: budget, pinnedBytes } // 1

  const missing = sum(residents) + need - budget
  if (missing <= 0) return { kind: 'start', evict: [] } // 2

  const leaving = residents.filter(({ state }) => state === 'leaving')
  const missingStill = missing - sum(leaving)
  if (missingStill <= 0) return { kind: 'wait', for: names(leaving), evict: [] } // 3

  const idle = residents.filter(isIdle)
  const busy = residents.filter((resident) => isBusy(resident) && !resident.pinned)
  const loading = residents.filter(({ state, pinned }) => state === 'loading' && !pinned)
  const chosen = fewest([idle, busy, loading].flatMap(longestUnusedFirst), missingStill) // 4
  const evict = names(chosen.filter(isIdle))
  if (evict.length === chosen.length) return { kind: 'start', evict } // 5
  return { kind: 'wait', for: names([...leaving, ...chosen.filter((resident) => !isIdle(resident))]), evict } // 6
}

/** Idle ones that must leave because more is held than the budget allows (a server grew, or the budget shrank): the longest unused
 *  first, as few as will do, or all of them where that is not enough. */
export function excess(budget: number, residents: readonly Resident[]): readonly string[] {
  const over = sum(residents.filter(({ state }) => state !== 'leaving')) - budget
  return over <= 0 ? [] : names(fewest(longestUnusedFirst(residents.filter(isIdle)), over))
}

/** Takes from the front until `bytes` are reached, then gives back, from the front, what is not needed after all. */
function fewest(candidates: readonly Resident[], bytes: number): readonly Resident[] {
  const taken: Resident[] = []
  for (const candidate of candidates) {
    if (sum(taken) >= bytes) break
    taken.push(candidate)
  }
  let freed = sum(taken)
  return taken.filter((resident) => {
    if (freed - resident.bytes < bytes) return true
    freed -= resident.bytes
    return false
  })
}

function isIdle({ state, waiting, pinned }: Resident): boolean {
  return state === 'idle' && !waiting && !pinned
}

function isBusy({ state, waiting }: Resident): boolean {
  return state === 'busy' || (state === 'idle' && waiting)
}

function longestUnusedFirst(residents: readonly Resident[]): readonly Resident[] {
  return residents.toSorted((one, other) => one.lastUsed - other.lastUsed)
}

function sum(residents: readonly Resident[]): number {
  return residents.reduce((bytes, resident) => bytes + resident.bytes, 0)
}

function names(residents: readonly Resident[]): readonly string[] {
  return residents.map(({ profile }) => profile)
}
