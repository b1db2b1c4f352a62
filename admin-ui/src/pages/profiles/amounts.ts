/** Amounts as a field holds them: as they are written in the configuration file; a text stays as somebody wrote it. Pure. */
import { writtenDuration, writtenSize } from '../../../../src/wire/amounts.ts'

type Amount = string | number | undefined

/** Of milliseconds. */
export function durationText(given: Amount): string {
  return typeof given === 'number' ? writtenDuration(given) : (given ?? '')
}

/** Of bytes. */
export function sizeText(given: Amount): string {
  return typeof given === 'number' ? writtenSize(given) : (given ?? '')
}
