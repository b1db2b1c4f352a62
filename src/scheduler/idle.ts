/** When a server that nobody uses is ended. */

/** Ms until it is due, 0 or less when it is; undefined: not for now. `idleSince` (ms, monotonic): when its load or its last request
 *  ended; undefined: it is loading, in use or leaving. `wanted`: somebody waits for it although it is idle, because its memory is
 *  promised to another; then it is looked at again a whole idle time later. */
export function unloadIn(
  { idle, pinned }: { readonly idle: number; readonly pinned: boolean },
  idleSince: number | undefined,
  wanted: boolean,
  now: number,
): number | undefined {
  if (idle === 0 || pinned || idleSince === undefined) return undefined
  return wanted ? idle : idleSince + idle - now
}

/** How long somebody waits for a place that a generation holds for which nobody waits any more, ms. Starting anew costs a load and the prompts
 *  that the server remembers, so it must be worth it. */
const stragglerPatience = 30_000

/** Ms until a server is to be ended so that those who wait get its places, 0 or less when it is; undefined: not for now. Only where
 *  nobody's answer is lost, and nothing else would help. */
export function restartIn(
  { inUse, free, stragglingSince }: { inUse: boolean; free: number; stragglingSince: number | undefined },
  wanted: boolean,
  now: number,
): number | undefined {
  if (stragglingSince === undefined || inUse || free > 0 || !wanted) return undefined
  return stragglingSince + stragglerPatience - now
}
