/** Who is resident and who waits, for people to look at. */
import type { Profile } from '../catalog/catalog.ts'
import type { Lines } from './lines.ts'
import type { Residents } from './residents.ts'

/** Times are ms since 1970. */
export interface SchedulerSnapshot {
  readonly budgetBytes: number
  readonly profiles: readonly ProfileSnapshot[]
}

export interface ProfileSnapshot {
  readonly profile: string
  /** What it takes of the budget: reserved, or measured where that is more. */
  readonly reservedBytes: number
  readonly active: number
  readonly waiting: number
  readonly pinned: boolean
  readonly lastUsed: number | undefined
  /** When it will be unloaded if nobody asks. */
  readonly unloadAt: number | undefined
}

/** Every profile that has a server or is waited for. `sinceEpoch`: what to add to a monotonic time. */
export function profileSnapshots(
  residents: Residents,
  lines: Lines,
  isPinned: (profile: Profile) => boolean,
  sinceEpoch: number,
): readonly ProfileSnapshot[] {
  const resident = residents.all().map((stay) => ({
    profile: stay.name,
    reservedBytes: stay.bytes,
    active: stay.active,
    waiting: lines.length(stay.name),
    pinned: stay.pinned,
    lastUsed: sinceEpoch + stay.usedAt,
    unloadAt: dueAt(residents.unloadAt(stay), sinceEpoch),
  }))
  const absent = lines.all().filter(({ profile }) => residents.get(profile) === undefined)
  const waited = absent.map(({ profile, target }) => ({
    profile,
    reservedBytes: 0,
    active: 0,
    waiting: lines.length(profile),
    pinned: isPinned(target.profile),
    lastUsed: undefined,
    unloadAt: undefined,
  }))
  return [...resident, ...waited]
}

function dueAt(at: number | undefined, sinceEpoch: number): number | undefined {
  return at === undefined ? undefined : sinceEpoch + at
}
