/** A setting's value as people write it: the way back from what `units.ts` makes of `10m`, `24GB` and `70%`. Exact, so that what is shown
 *  can be written into the file. */
import { writtenDuration, writtenSize } from '../wire/amounts.ts'
import { leaves, type Leaf } from './leaves.ts'

/** The value of the setting at this path; undefined where it is not set. */
export function written(path: string, value: unknown): string | undefined {
  const unit = leaves.find((leaf) => leaf.path === path)?.unit
  return unit === undefined ? JSON.stringify(value) : inUnit(unit, value)
}

function inUnit(unit: NonNullable<Leaf['unit']>, value: unknown): string | undefined {
  if (typeof value === 'number') return unit === 'ms' ? writtenDuration(value) : writtenSize(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if ('share' in value && typeof value.share === 'number') return `${Number((value.share * 100).toFixed(6))}%`
  return 'bytes' in value ? inUnit('bytes', value.bytes) : JSON.stringify(value)
}
