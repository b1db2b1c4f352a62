/** Values as people write them: the way back from what `units.ts` makes of `10m`, `24GB` and `70%`. Exact, so that what is shown can be
 *  written into the file. */
import { leaves, type Leaf } from './leaves.ts'

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

/** The value of the setting at this path; undefined where it is not set. */
export function written(path: string, value: unknown): string | undefined {
  const unit = leaves.find((leaf) => leaf.path === path)?.unit
  return unit === undefined ? JSON.stringify(value) : inUnit(unit, value)
}

/** A number of milliseconds. */
export function writtenDuration(ms: number): string {
  return inGreatest(ms, durations)
}

/** A number of bytes. */
export function writtenSize(bytes: number): string {
  return inGreatest(bytes, sizes)
}

function inUnit(unit: NonNullable<Leaf['unit']>, value: unknown): string | undefined {
  if (typeof value === 'number') return unit === 'ms' ? writtenDuration(value) : writtenSize(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if ('share' in value && typeof value.share === 'number') return `${Number((value.share * 100).toFixed(6))}%`
  return 'bytes' in value ? inUnit('bytes', value.bytes) : JSON.stringify(value)
}

/** In the greatest unit that leaves no rest. */
function inGreatest(value: number, units: readonly (readonly [string, number])[]): string {
  const fitting = units.find(([, size]) => value !== 0 && value % size === 0)
  return fitting === undefined ? String(value) : `${value / fitting[1]}${fitting[0]}`
}
