/** Whether a model fits this machine, and why, in words; and how its bar is divided. Pure; sizes in bytes. */
import type { Held } from '../api.ts'
import type { api } from '../api.ts'
import { ofMemory } from './format.ts'

export type Hit = Held<Awaited<ReturnType<typeof api.hub.models.$get>>>['hits'][number]
export type Fit = NonNullable<Hit['fit']>

/** What does not fit is nobody's fault: it is said quietly. */
export function fitColour({ verdict }: Pick<Fit, 'verdict'>): string {
  return { fits: 'var(--ok)', 'fits alone': 'var(--accent)', 'does not fit': 'var(--idle)' }[verdict]
}

type Verdict = Pick<Fit, 'verdict' | 'needBytes' | 'budgetBytes' | 'freeBytes'>

export function whyFits({ verdict, needBytes, budgetBytes, freeBytes }: Verdict): string {
  const need = `It needs ${ofMemory(needBytes)}.`
  const free = `Of the budget of ${ofMemory(budgetBytes)}, ${ofMemory(freeBytes)} are free now`
  switch (verdict) {
    case 'fits':
      return `${need} ${free}.`
    case 'fits alone':
      return `${need} ${free}: what runs must be unloaded first, which happens by itself once it is idle.`
    case 'does not fit':
      return `${need} All servers together may hold ${ofMemory(budgetBytes)}. Fewer bits or fewer parameters need less.`
  }
}

export interface FitParts {
  /** What the whole bar stands for. */
  readonly wholeBytes: number
  readonly takenBytes: number
  readonly weightsBytes: number
  readonly cacheBytes: number
  /** The server program itself. */
  readonly serverBytes: number
}

export function fitParts({ needBytes, weightsBytes, cacheBytes, budgetBytes, freeBytes }: Fit): FitParts {
  const takenBytes = budgetBytes - freeBytes
  return {
    wholeBytes: Math.max(budgetBytes, takenBytes + needBytes),
    takenBytes,
    weightsBytes,
    cacheBytes,
    serverBytes: Math.max(0, needBytes - weightsBytes - cacheBytes),
  }
}
