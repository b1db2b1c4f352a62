/** A field's description and what holds where it is left empty, from what the gateway says of it. Pure. */
import { writtenDuration, writtenSize } from '../../../../src/wire/amounts.ts'
import type { FieldFacts } from './use-fields.ts'

type Facts = Pick<FieldFacts, 'description' | 'unit' | 'default'>

const units = { ms: 'Write 30s, 10m or 2h.', bytes: 'Write 300MB or 24GB.' }

export function descriptionOf({ description, unit }: Facts): string {
  const words = description.replace(/^[a-z]/, (first) => first.toUpperCase())
  return unit === null ? words : `${words}. ${units[unit]}`
}

/** What stands in an empty field. */
export function usualOf({ unit, default: usual }: Facts): string | undefined {
  if (typeof usual === 'string') return usual
  if (typeof usual !== 'number') return undefined
  return unit === 'ms' ? writtenDuration(usual) : unit === 'bytes' ? writtenSize(usual) : `${usual}`
}
