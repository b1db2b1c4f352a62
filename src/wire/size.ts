/** Bytes as people read them everywhere: `16.7 GB`, where 1 GB is 10^9 bytes, as on the admin page and the hub. Amounts in settings are
 *  another matter (`config/units.ts`). Pure. */

const UNITS = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const
/** So near to the next unit that it is written in that. */
const NEARLY = 0.9995

export function sized(bytes: number): string {
  const [unit, name] = UNITS.find(([unit]) => bytes >= unit * NEARLY) ?? [1, 'bytes']
  const amount = bytes / unit
  return `${amount.toFixed(unit >= 1e9 && amount < 100 ? 1 : 0)} ${name}`
}
