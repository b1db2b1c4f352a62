/** The machine's memory as those who watch know it. */
import type { Host, MachineMemory } from '../../host/host.ts'
import type { Memory, WatchedEvent } from '../admin/live-shapes.ts'
import type { ServersView } from '../admin/server-view.ts'
import { isOtherMemory } from './news.ts'

export class MemoryWatch {
  readonly #host: Pick<Host, 'memory'>
  /** Ms since 1970. */
  readonly #now: () => number
  readonly #tell: (event: WatchedEvent) => void
  #measuring: Promise<void> | undefined
  #measured: { readonly machine: MachineMemory; readonly at: number } | undefined
  #known: Memory | undefined

  constructor(host: Pick<Host, 'memory'>, now: () => number, tell: (event: WatchedEvent) => void) {
    this.#host = host
    this.#now = now
    this.#tell = tell
  }

  /** One measurement at a time. Rejects where the machine cannot be asked. */
  measure(): Promise<void> {
    this.#measuring ??= this.#measureNow().finally(() => {
      this.#measuring = undefined
    })
    return this.#measuring
  }

  async #measureNow(): Promise<void> {
    const machine = await this.#host.memory()
    this.#measured = { machine, at: this.#now() }
  }

  /** Tells what has changed since the last look; undefined where nothing was measured yet. */
  look(servers: ServersView): Memory | undefined {
    if (this.#measured === undefined) return undefined
    const { machine, at } = this.#measured
    const memory = memoryOf(machine, servers, at)
    if (isOtherMemory(this.#known, memory)) {
      this.#known = memory
      this.#tell({ type: 'memory.measured', memory })
    }
    return memory
  }
}

/** A server that was mapped from files is counted by the system as if it could be had back: others never hold less than nothing. */
export function memoryOf(machine: MachineMemory, { budgetBytes, servers }: ServersView, measuredAt: number): Memory {
  const { totalBytes } = machine
  const availableBytes = machine.countsReclaimable ? machine.availableBytes : null
  const ours = servers.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0)
  const otherBytes = availableBytes === null ? null : Math.max(0, totalBytes - availableBytes - ours)
  return { totalBytes, budgetBytes, availableBytes, otherBytes, measuredAt }
}
