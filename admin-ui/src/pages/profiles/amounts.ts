/** Amounts as people write them into a field: the way back from what the gateway makes of `10m` and `24GB`. Exact. Pure. */

const durations = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const
const sizes = [
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
  ['B', 1],
] as const

type Amount = string | number | undefined

/** Of milliseconds; a text stays as it was written. */
export function writtenDuration(given: Amount): string {
  return written(given, durations)
}

/** Of bytes, as above. */
export function writtenSize(given: Amount): string {
  return written(given, sizes)
}

/** In the greatest unit that leaves no rest. */
function written(given: Amount, units: readonly (readonly [string, number])[]): string {
  if (typeof given !== 'number') return given ?? ''
  const fitting = units.find(([, size]) => given !== 0 && given % size === 0)
  return fitting === undefined ? `${given}` : `${given / fitting[1]}${fitting[0]}`
}
