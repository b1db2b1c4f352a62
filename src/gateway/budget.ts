/** What all servers together may hold. */
import type { Settings } from '../config/config.ts'
import { recommendedBudget, type MachineMemory } from '../host/host.ts'

export function budgetOf({ budget }: Settings['memory'], machine: MachineMemory, platform: NodeJS.Platform): number {
  if (budget === undefined) return recommendedBudget(machine, platform)
  return 'bytes' in budget ? budget.bytes : Math.floor(machine.totalBytes * budget.share)
}
