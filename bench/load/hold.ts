/** Many slow streams, held open. */
import { setTimeout as pause } from 'node:timers/promises'
import { eachStamp } from '../words.ts'
import type { Job } from './job.ts'
import { Line } from './line.ts'
import { chatRequest } from './request.ts'

const atOnce = 20
const betweenMs = 20

/** Resolves with the way to let them go when each stream has had its first chunk. */
export async function holdStreams(job: Extract<Job, { kind: 'hold' }>): Promise<() => void> {
  const request = chatRequest(job.target, 1024, { chunks: 1_000_000, gapMs: job.gapMs })
  const lines: Line[] = []
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const line = new Line(job.target.port, {
        body(piece) {
          if (eachStamp(piece, () => {}) > 0) resolve()
        },
        ended: () => reject(new Error('a stream ended early')),
        failed: reject,
      })
      lines.push(line)
      line.send(request)
    })
  const release = (): void => lines.forEach((line) => line.close())
  try {
    for (let opened = 0; opened < job.streams; opened += atOnce) {
      await Promise.all(Array.from({ length: Math.min(atOnce, job.streams - opened) }, open))
      await pause(betweenMs)
    }
  } catch (error) {
    release()
    throw error
  }
  return release
}
