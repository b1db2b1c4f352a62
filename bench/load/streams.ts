/** Streams: how soon they begin, how late their chunks are, how many chunks a second. */
import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from '../statistics.ts'
import { eachStamp, ticksNow } from '../words.ts'
import type { Job, Measured } from './job.ts'
import { Line } from './line.ts'
import { chatRequest } from './request.ts'

/** Between two pieces of a chunked body; a gateway may put one anywhere. */
const chunkFrame = /\r\n[0-9a-f]+\r\n/gi
const ticksPerMs = 1e4
const bodyBytes = 1024

/** Fails unless each chunk of one stream arrives. */
export function checkStream({ target }: Extract<Job, { kind: 'check' }>): Promise<Measured> {
  const chunks = 200
  let text = ''
  return new Promise((resolve, reject) => {
    const line = new Line(target.port, {
      body(piece) {
        text += piece.toString('latin1')
      },
      ended() {
        line.close()
        const content = text.replaceAll(chunkFrame, '')
        const count = eachStamp(Buffer.from(content, 'latin1'), () => {})
        if (count !== chunks) reject(new Error(`${count} of ${chunks} chunks came`))
        else if (!content.includes('[DONE]')) reject(new Error('a stream ended without [DONE]'))
        else resolve({ count })
      },
      failed: reject,
    })
    line.send(chatRequest(target, bodyBytes, { chunks, gapMs: 0 }))
  })
}

/** Streams begin a little apart, so that their chunks do not come in step. */
export async function measurePaced(job: Extract<Job, { kind: 'paced' }>): Promise<Measured> {
  const request = chatRequest(job.target, bodyBytes, job)
  const until = performance.now() + job.forMs
  const firsts: number[] = []
  const delays: number[] = []
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let sentAt = performance.now()
      let begun = false
      const line = new Line(job.target.port, {
        body(piece) {
          const now = ticksNow()
          const stamps = eachStamp(piece, (ticks) => delays.push((now - ticks) / ticksPerMs))
          if (begun || stamps === 0) return
          begun = true
          firsts.push(performance.now() - sentAt)
        },
        ended() {
          if (performance.now() < until) {
            begun = false
            sentAt = performance.now()
            line.send(request)
            return
          }
          line.close()
          resolve()
        },
        failed: reject,
      })
      line.send(request)
    })
  const streams: Promise<void>[] = []
  for (let i = 0; i < job.streams; i += 1) {
    streams.push(run())
    await pause(job.gapMs + 1 + Math.random())
  }
  await Promise.all(streams)
  return {
    count: delays.length,
    p50: percentile(firsts, 0.5),
    p99: percentile(firsts, 0.99),
    chunkP50: percentile(delays, 0.5),
    chunkP99: percentile(delays, 0.99),
  }
}

/** Looks at the end of each stream only, so as to cost less than what is measured. */
export async function measureUnpaced(job: Extract<Job, { kind: 'unpaced' }>): Promise<Measured> {
  const request = chatRequest(job.target, bodyBytes, { chunks: job.chunks, gapMs: 0 })
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const line = new Line(job.target.port, {
        ended() {
          line.close()
          resolve()
        },
        failed: reject,
      })
      line.send(request)
    })
  const from = performance.now()
  await Promise.all(Array.from({ length: job.streams }, run))
  const count = job.streams * job.chunks
  return { count, perSecond: (count * 1000) / (performance.now() - from) }
}
