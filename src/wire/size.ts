/** Bytes as people read them: of disk and network in thousands, as the hub counts, of memory in 1024s, as macOS says both: a Mac of 64 GB
 *  has 64 GB here. Pure. */

const UNITS = ['TB', 'GB', 'MB', 'kB'] as const
/** From here on an amount is written in the next unit: nobody reads 1,019 MB. */
const MOST = 999.5

/** Of a file or a transfer: `16.7 GB`. */
export function sized(bytes: number): string {
  return inUnits(bytes, 1000)
}

/** Of memory. */
export function sizedMemory(bytes: number): string {
  return inUnits(bytes, 1024)
}

function inUnits(bytes: number, thousand: number): string {
  const place = UNITS.findIndex((_, index) => bytes >= MOST * thousand ** (UNITS.length - 1 - index))
  const unit = UNITS[place]
  if (unit === undefined) return `${bytes} bytes`
  const amount = bytes / thousand ** (UNITS.length - place)
  return `${Number(amount.toFixed(place <= 1 && amount < 99.95 ? 1 : 0))} ${unit}`
}
