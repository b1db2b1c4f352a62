/** What a key is asked for with, read as a wrong call where it cannot be. */
import { InvalidArgumentError } from 'commander'
import ms, { type StringValue } from 'ms'
import type { Scope } from '../access/access.ts'

const scopes: readonly Scope[] = ['inference', 'metrics', 'admin']

/** Throws commander's InvalidArgumentError. */
export function readScope(text: string): Scope {
  const scope = scopes.find((known) => known === text)
  if (scope === undefined) throw new InvalidArgumentError(`There are ${scopes.join(', ')}.`)
  return scope
}

const century = 100 * 365.25 * 86_400_000

/** Ms. A bare number is nobody's guess: `ms` takes it for milliseconds. Throws commander's InvalidArgumentError. */
export function readExpiry(text: string): number {
  const value = /^\d{1,10}(?:\.\d{1,10})? ?[a-z]{1,12}$/i.test(text) ? ms(text as StringValue) : Number.NaN
  if (value > 0 && value <= century) return Math.ceil(value)
  throw new InvalidArgumentError('Write for example 12h, 30d or 1y; at most 100y.')
}
