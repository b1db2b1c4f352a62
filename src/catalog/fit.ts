/** Whether a model fits this machine, before it is here or once it is. Pure; sizes in bytes. */
import { needOf, needOfServed, reservation } from './footprint.ts'
import type { ModelFacts } from './model.ts'
import type { Served } from './profile.ts'

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
  const { bytes: needBytes, weightsBytes, cacheBytes, context } = needOf([facts], room)
  return { ...verdictOn(needBytes, room), needBytes, weightsBytes, cacheBytes, context }
}

/** What is known of a profile's server before it runs. `weightsBytes`, `cacheBytes` and `context` are undefined where nothing is known of
 *  its model; `needBytes` is what will be set aside all the same. */
export type Foresight = Pick<Fit, 'verdict' | 'needBytes' | 'budgetBytes' | 'freeBytes'> & {
  readonly [Known in 'weightsBytes' | 'cacheBytes' | 'context']: number | undefined
}

/** `fallbackBytes`: as for `reservation`. */
export function foresee(
  served: Served,
  room: Pick<Room, 'budgetBytes' | 'reservedBytes'>,
  fallbackBytes: number,
): Foresight {
  const needBytes = reservation(served, fallbackBytes)
  const { weightsBytes, cacheBytes, context } = needOfServed(served) ?? {}
  return { ...verdictOn(needBytes, room), needBytes, weightsBytes, cacheBytes, context }
}

function verdictOn(
  needBytes: number,
  { budgetBytes, reservedBytes }: Pick<Room, 'budgetBytes' | 'reservedBytes'>,
): Pick<Fit, 'verdict' | 'budgetBytes' | 'freeBytes'> {
  const freeBytes = Math.max(0, budgetBytes - reservedBytes)
  const verdict = needBytes <= freeBytes ? 'fits' : needBytes <= budgetBytes ? 'fits alone' : 'does not fit'
  return { verdict, budgetBytes, freeBytes }
}
