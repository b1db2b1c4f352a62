/** Whether a model fits this machine, before it is here or once it is. Pure; sizes in bytes. */
import { needOf } from './footprint.ts'
import type { ModelFacts } from './model.ts'

export interface Room {
  /** What all servers together may hold. */
  readonly budgetBytes: number
  /** What those that run have taken of it. */
  readonly reservedBytes: number
  /** Requests that its server is to answer at once. */
  readonly concurrency: number
  /** Tokens to reckon with; default: as for a model without a profile. */
  readonly context?: number
}

export interface Fit {
  /** `fits`: beside what runs now · `fits alone`: once what runs has been unloaded · `does not fit`: never. */
  readonly verdict: 'fits' | 'fits alone' | 'does not fit'
  readonly needBytes: number
  readonly weightsBytes: number
  /** Of `needBytes`: the cache for contexts of so many tokens. */
  readonly cacheBytes: number
  readonly context: number
  readonly budgetBytes: number
  readonly freeBytes: number
}

/** By the same reckoning as what the scheduler sets aside for the model when it is asked for. */
export function fitOf(facts: Pick<ModelFacts, 'weightsBytes' | 'kv' | 'contextLength'>, room: Room): Fit {
  const { budgetBytes } = room
  const { bytes: needBytes, cacheBytes, context } = needOf([facts], room)
  const freeBytes = Math.max(0, budgetBytes - room.reservedBytes)
  const verdict = needBytes <= freeBytes ? 'fits' : needBytes <= budgetBytes ? 'fits alone' : 'does not fit'
  return { verdict, needBytes, weightsBytes: facts.weightsBytes, cacheBytes, context, budgetBytes, freeBytes }
}
