/** Who is next: first come first served across all profiles, in turns so that nobody starves. */
import { excess, plan } from './plan.ts'
import type { Plan, Resident } from './plan.ts'

/** The requests that wait for one profile. */
export interface Line {
  readonly profile: string
  /** Arrival number of the oldest. */
  readonly head: number
  /** What a server started for them would be given, bytes. */
  readonly needBytes: number
}

/** A server that holds memory, as the queue sees it. */
export interface Server extends Resident {
  /** `open`: takes newcomers · `closing`: only those of its turn, then it stops · `stuck`: a stop of it has failed. */
  readonly door: 'open' | 'closing' | 'stuck'
  /** Requests it could take right now; 0 unless it is ready. */
  readonly free: number
  /** Arrival number of the last request of its turn: all up to it are served before it makes room for anybody. */
  readonly turn: number
}

export type Move =
  | { readonly kind: 'grant'; readonly profile: string }
  | { readonly kind: 'start'; readonly profile: string; readonly bytes: number }
  /** `for` is undefined where the budget itself asks for it. */
  | { readonly kind: 'evict'; readonly profiles: readonly string[]; readonly for: string | undefined }
  | { readonly kind: 'refuse'; readonly profile: string; readonly plan: Extract<Plan, { kind: 'refuse' }> }

/** By the profile of a line, the profiles whose servers are in its way: its own where all places on it are taken, or where it must leave
 *  first. */
export type InTheWay = Map<string, readonly string[]>

/**
 * The first thing that can be done now; undefined when everybody has to wait. Lines are looked at in the order of their oldest
 * requests:
 *
 * 1. Its server is loading: it waits there. Whoever has arrived by the time a server is ready belongs to that server's turn.
 * 2. Its server is ready and the request may have it: grant, or wait for a place. It may, when it belongs to the turn, or when the
 *    server is open and its memory was not promised to an older request. So newcomers of a busy profile queue behind the older
 *    request that needs its memory: drain, then swap; and one swap serves everybody who waited for it (AABBCC, not ABCABC).
 * 3. Its last server could not be stopped: stop that first.
 * 4. It needs a new server, planned for the room as it will be once older promises are kept:
 *    a. it can never fit: refuse;
 *    b. idle servers must leave, and that is all that is missing: evict them;
 *    c. it fits, and also right now, so that no older request is delayed by it: start;
 *    d. else it is promised the memory of those it waits for, and younger requests plan around that.
 * 5. Nobody can be helped, and more is held than the budget allows: idle servers leave.
 *
 * `inTheWay` is told of every line that is looked at and cannot be helped: of all of them where there is no move.
 */
export function next(
  lines: readonly Line[],
  servers: readonly Server[],
  budget: number,
  inTheWay: InTheWay = new Map(),
): Move | undefined {
  const promised = new Set<string>()
  let room: readonly Resident[] = servers
  for (const line of lines.toSorted((one, other) => one.head - other.head)) {
    const { profile, needBytes } = line
    const server = servers.find((server) => server.profile === profile)
    if (server !== undefined && mayHave(line, server, promised)) {
      if (server.free > 0) return { kind: 'grant', profile } // 2
      if (server.state !== 'loading') inTheWay.set(profile, [profile])
      continue // 1, 2
    }
    if (server?.door === 'stuck') return { kind: 'evict', profiles: [profile], for: profile } // 3

    const others = room.filter((resident) => resident.profile !== profile)
    const plans = plan(needBytes, budget, others)
    if (plans.kind === 'refuse') return { kind: 'refuse', profile, plan: plans } // 4a
    if (plans.kind === 'start' && plans.evict.length > 0 && fitsWithout(servers, plans.evict, needBytes, budget)) {
      return { kind: 'evict', profiles: plans.evict, for: profile } // 4b
    }
    if (
      plans.kind === 'start' &&
      plans.evict.length === 0 &&
      server === undefined &&
      fits(servers, needBytes, budget)
    ) {
      return { kind: 'start', profile, bytes: needBytes } // 4c
    }
    inTheWay.set(profile, plans.kind === 'wait' ? plans.for : stillThere(profile, servers, promised)) // 4d
    const given = plans.kind === 'wait' ? [...plans.for, ...plans.evict] : plans.evict
    for (const name of given) promised.add(name)
    room = [...others.filter((resident) => !promised.has(resident.profile)), comingServer(line)]
  }
  const profiles = excess(
    budget,
    servers.filter(({ door }) => door !== 'stuck'),
  )
  return profiles.length > 0 ? { kind: 'evict', profiles, for: undefined } : undefined // 5
}

/** Whose memory older requests were promised, or is about to be free; its own last server among them. */
function stillThere(profile: string, servers: readonly Server[], promised: ReadonlySet<string>): readonly string[] {
  return servers
    .filter((server) => server.profile === profile || promised.has(server.profile) || server.state === 'leaving')
    .map((server) => server.profile)
}

function mayHave({ head }: Line, server: Server, promised: ReadonlySet<string>): boolean {
  if (server.state === 'leaving' || server.door === 'stuck') return false
  if (head <= server.turn) return true
  return server.door === 'open' && (server.state === 'loading' || !promised.has(server.profile))
}

/** A server that is only promised, among the residents of the room as it will be. */
function comingServer({ profile, needBytes }: Line): Resident {
  return { profile, bytes: needBytes, state: 'loading', pinned: false, lastUsed: Infinity, waiting: true }
}

function fits(servers: readonly Resident[], need: number, budget: number): boolean {
  return servers.reduce((bytes, server) => bytes + server.bytes, need) <= budget
}

/** Whether it fits as soon as these and the ones that are leaving anyway have left. */
function fitsWithout(servers: readonly Resident[], evicted: readonly string[], need: number, budget: number): boolean {
  const staying = servers.filter(({ profile, state }) => state !== 'leaving' && !evicted.includes(profile))
  return fits(staying, need, budget)
}

/** The requests of one profile that wait, beside the places they can count on (on its server, or on the one being loaded). */
export interface Crowd {
  readonly waiting: number
  readonly places: number
}

/** Whether one more may wait for `own`. Only those beyond the places count as a queue, so that a cold model can be asked for even
 *  where nobody may queue. */
export function mayJoin(
  own: Crowd,
  others: readonly Crowd[],
  limits: { readonly queue: number; readonly queueTotal: number },
): boolean {
  const queued = queueOf({ waiting: own.waiting + 1, places: own.places })
  const total = others.reduce((sum, crowd) => sum + queueOf(crowd), queued)
  return queued === 0 || (queued <= limits.queue && total <= limits.queueTotal)
}

function queueOf({ waiting, places }: Crowd): number {
  return Math.max(0, waiting - places)
}

/** When to try again, ms: as long as those ahead will take, as far as one can tell; at least a second.
 *  `serviceMs`: how long requests took lately; undefined: not known yet. */
export function retryAfter(serviceMs: number | undefined, ahead: number, concurrency: number): number {
  return Math.max(1_000, Math.ceil(((serviceMs ?? 0) * (ahead + 1)) / concurrency))
}
