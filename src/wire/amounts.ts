/** Amounts as people write them into settings: `10m`, `24GB`, where 1 GB is 1024^3 bytes. The way back from what `config/units.ts` makes of
 *  them, and exact, so that what is shown can be written again. How much there is of something is another matter (`size.ts`). Pure. */

const durations = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const
const sizes = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
  ['B', 1],
] as const

/** A number of milliseconds. */
export function writtenDuration(ms: number): string {
  return inGreatest(ms, durations)
}

/** A number of bytes. */
export function writtenSize(bytes: number): string {
  return inGreatest(bytes, sizes)
}

/** In the greatest unit that leaves no rest. */
function inGreatest(value: number, units: readonly (readonly [string, number])[]): string {
  const fitting = units.find(([, size]) => value !== 0 && value % size === 0)
  return fitting === undefined ? String(value) : `${value / fitting[1]}${fitting[0]}`
}
