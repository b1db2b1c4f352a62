import { describe, expect, test } from 'vitest'
import { speedsOf } from '../../../../admin-ui/src/parts/speeds.ts'
import { row } from '../request.ts'

const window = { now: 60_000, spanMs: 60_000, stretches: 6 }

describe('speeds over time', () => {
  test('spread an answer’s tokens over the time in which it was said', () => {
    const request = row({
      startedAt: 4_000,
      queueMs: 0,
      loadMs: 0,
      prefillMs: 1_000,
      decodeMs: 10_000,
      completionTokens: 200,
    })
    const { throughput, times } = speedsOf([request], window)
    expect(times).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000])
    expect(throughput).toEqual([10, 10, 0, 0, 0, 0])
  })

  test('count what was said before the window not at all, and what reaches into it in part', () => {
    const request = row({
      startedAt: -10_000,
      queueMs: 0,
      loadMs: 0,
      prefillMs: 0,
      decodeMs: 20_000,
      completionTokens: 100,
    })
    expect(speedsOf([request], window).throughput).toEqual([5, 0, 0, 0, 0, 0])
  })

  test('give the middle time to the first token, and a gap where nobody asked', () => {
    const slow = [100, 5_000, 900].map((prefillMs) =>
      row({ startedAt: 20_000, queueMs: 0, loadMs: 0, prefillMs, completionTokens: 9 }),
    )
    const refused = row({ startedAt: 30_000, status: 503, error: 'server_failed' })
    expect(speedsOf([...slow, refused], window).firstToken).toEqual([null, null, 900, null, null, null])
  })
})
