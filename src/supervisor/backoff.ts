/** How long a server that failed is left alone. */
import type { Settings } from '../config/config.ts'

export type Policy = Pick<Settings['supervision'], 'backoffMin' | 'backoffMax' | 'healthyAfter' | 'maxFailures'>

/** Milliseconds until the next start after this many failures in a row (1 or more): doubling from `backoffMin`, spread by ±50 %,
 *  never over `backoffMax`. `roll` is a random number from 0 to 1. */
export function pause(failures: number, roll: number, policy: Policy): number {
  const doubled = Math.min(policy.backoffMax, policy.backoffMin * 2 ** (failures - 1))
  return Math.round(Math.min(policy.backoffMax, doubled * (0.5 + roll)))
}
