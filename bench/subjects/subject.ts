/** What stands in a column of the table: a way to the mock engine. */
import { fileURLToPath } from 'node:url'
import type { Target } from '../load/job.ts'

export interface Subject {
  readonly name: string
  readonly target: Target
  /** Whose processor time and memory count; none for the direct way. */
  readonly pids: readonly number[]
  /** A house in which two models take turns; absent where there is nothing to swap. */
  readonly swap?: SwapHouse
  stop(): Promise<void>
}

/** Serves `swap-quick` and `swap-slow`, of which only one may run at a time. */
export interface SwapHouse {
  /** Leaves no model running, and tells where and how to ask from now on. */
  empty(): Promise<Target>
  close(): Promise<void>
}

/** How long the engines of the two swap models take to load, ms: those who look once in a while find one sooner than the other. */
export const swapModels = { 'swap-quick': 0, 'swap-slow': 500 }

/** The argv of a mock engine on this port. */
export function mockEngine(port: number | '${port}', http: string, loadMs = 0): readonly string[] {
  const file = fileURLToPath(new URL('../mock-engine.ts', import.meta.url))
  return [process.execPath, file, '--port', String(port), '--http', http, '--load', String(loadMs)]
}
