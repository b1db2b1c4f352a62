/** What a profile's server will take of the memory budget, divided for its bar, and in words. Pure; sizes in bytes. */
import type { BudgetPart } from '../../parts/budget-bar.tsx'
import { ofMemory } from '../../parts/format.ts'
import type { Checked } from './use-check.ts'

export type PredictedMemory = NonNullable<Checked['memory']>

export interface Forecast {
  /** What the whole bar stands for. */
  readonly wholeBytes: number
  readonly parts: readonly BudgetPart[]
  /** Of the budget, beside all that is reserved; null where it does not suffice. */
  readonly leftBytes: number | null
}

/** 1. Others, whose reservations its own stands beside. 2. Its weights and the cache of its contexts, no more than is reserved. 3. What
 *  else is reserved: for the program itself, or where nothing is known of its model. */
export function forecastOf(memory: PredictedMemory): Forecast {
  const { reservedBytes, budgetBytes, freeBytes } = memory
  const othersBytes = budgetBytes - freeBytes // 1
  const weights = Math.min(memory.weightBytes ?? 0, reservedBytes) // 2
  const context = Math.min(memory.contextBytes ?? 0, reservedBytes - weights)
  const parts: readonly BudgetPart[] = [
    { kind: 'others', bytes: othersBytes },
    { kind: 'weights', bytes: weights },
    { kind: 'context', bytes: context },
    { kind: 'rest', bytes: reservedBytes - weights - context }, // 3
  ]
  const left = freeBytes - reservedBytes
  return {
    wholeBytes: Math.max(budgetBytes, othersBytes + reservedBytes),
    parts: parts.filter((part) => part.bytes > 0),
    leftBytes: left < 0 ? null : left,
  }
}

/** What is reserved by hand may be less than what is known to be needed. */
export function shortfall({ reservedBytes, weightBytes, contextBytes }: PredictedMemory): string | undefined {
  const known = (weightBytes ?? 0) + (contextBytes ?? 0)
  if (known <= reservedBytes) return undefined
  return `Only ${ofMemory(reservedBytes)} are set aside by hand; its weights and its context alone come to ~${ofMemory(known)}.`
}
