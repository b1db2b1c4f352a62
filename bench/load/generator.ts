/** The load generator as the benchmark sees it: hand it a job, await what it measured. */
import { Worker } from 'node:worker_threads'
import type { Job, Measured, Outcome } from './job.ts'

export interface Generator {
  /** One job at a time. Rejects with what went wrong at the other end. */
  run(job: Job): Promise<Measured>
  close(): Promise<unknown>
}

export function createGenerator(): Generator {
  const worker = new Worker(new URL('./load.ts', import.meta.url))
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        worker.once('error', reject)
        worker.once('message', (outcome: Outcome) => {
          worker.off('error', reject)
          if (outcome.kind === 'measured') resolve(outcome.measured)
          else reject(new Error(outcome.message))
        })
        worker.postMessage(job, [])
      }),
    close: () => worker.terminate(),
  }
}
