/** Answers that are not streamed: how many a second, and how long each takes. */
import { percentile } from '../statistics.ts'
import type { Job, Measured } from './job.ts'
import { Line } from './line.ts'
import { chatRequest } from './request.ts'

const warmShare = 0.2

/** Runs for `forMs`, of which the first fifth is not measured. */
export function measureRequests(job: Extract<Job, { kind: 'requests' }>): Promise<Measured> {
  const request = chatRequest(job.target, job.bodyBytes)
  const from = performance.now() + job.forMs * warmShare
  const until = performance.now() + job.forMs
  const latencies: number[] = []
  let count = 0
  return new Promise((resolve, reject) => {
    let open = job.connections
    const run = (): void => {
      let sentAt = performance.now()
      const line = new Line(job.target.port, {
        ended() {
          const now = performance.now()
          count += 1
          if (sentAt >= from) latencies.push(now - sentAt)
          if (now < until) {
            sentAt = now
            line.send(request)
            return
          }
          line.close()
          open -= 1
          if (open === 0) resolve(summary(latencies, count, (now - from) / 1000))
        },
        failed: reject,
      })
      line.send(request)
    }
    for (let i = 0; i < job.connections; i += 1) run()
  })
}

function summary(latencies: readonly number[], count: number, seconds: number): Measured {
  return {
    count,
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  }
}
