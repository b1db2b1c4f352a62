/** When a server that nobody uses is unloaded. */

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
