/** The load generator: a thread of its own, so that measuring shares no event loop with anything else. One job at a time. */
import { parentPort } from 'node:worker_threads'
import { holdStreams } from './hold.ts'
import type { Job, Measured, Outcome } from './job.ts'
import { measureRequests } from './requests.ts'
import { checkStream, measurePaced, measureUnpaced } from './streams.ts'

let release: () => void = () => {}

async function run(job: Job): Promise<Measured> {
  switch (job.kind) {
    case 'check':
      return checkStream(job)
    case 'requests':
      return measureRequests(job)
    case 'paced':
      return measurePaced(job)
    case 'unpaced':
      return measureUnpaced(job)
    case 'hold':
      release = await holdStreams(job)
      return { count: job.streams }
    case 'release':
      release()
      return { count: 0 }
  }
}

function say(outcome: Outcome): void {
  parentPort?.postMessage(outcome, [])
}

parentPort?.on('message', (job: Job) => {
  run(job).then(
    (measured) => say({ kind: 'measured', measured }),
    (error: unknown) => say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})
