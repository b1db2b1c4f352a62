/** The door of this machine. */
import { freeBytes } from './free-space.ts'
import { readMachineMemory, type MachineMemory } from './memory.ts'
import { findListeners, freePort } from './ports.ts'
import { readText, run } from './probes.ts'
import { createProcesses, isEmptyGroup, type Processes } from './processes.ts'

export { lockFile } from './file-lock.ts'
export { flush } from './flush.ts'
export { collectAll, createIdleCollector } from './idle-collector.ts'
export { recommendedBudget, type MachineMemory } from './memory.ts'
export type { ProcessFacts } from './processes.ts'

/** What the rooms may ask of the machine. */
export interface Host extends Processes {
  memory(): Promise<MachineMemory>
  /** Of the disk that holds this path, or would hold it. Rejects where it cannot be asked. */
  freeBytes(path: string): Promise<number>
  /** A free TCP port on 127.0.0.1. */
  freePort(): Promise<number>
  /** Pids listening on this 127.0.0.1 port; undefined where the system does not tell. `likely`: who is probably meant; it is quicker then. */
  listeners(port: number, likely?: readonly number[]): Promise<readonly number[] | undefined>
}

/** Reads this machine. What the system does not tell is undefined, or named in `source`; only a machine that cannot even be
 *  asked (no descriptors, no processes left) makes these reject. */
export function createHost(platform: NodeJS.Platform = process.platform): Host {
  const probes = { platform, readText, run }
  const processes = createProcesses(probes)
  return {
    ...processes,
    group: async (groupId) => (isEmptyGroup(groupId) ? [] : processes.group(groupId)),
    memory: () => readMachineMemory(probes),
    freeBytes,
    freePort,
    listeners: (port, likely) => findListeners(port, probes, likely),
  }
}
