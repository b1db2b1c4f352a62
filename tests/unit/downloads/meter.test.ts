import { describe, expect, test } from 'vitest'
import { rateOf, sampled, timeLeft, type Sample } from '../../../src/downloads/meter.ts'

const after = (...samples: readonly (readonly [number, number])[]) =>
  samples.reduce<readonly Sample[]>((kept, [at, bytes]) => sampled(kept, { at, bytes }), [])

describe('the rate of a download', () => {
  test('is not known from one sample', () => {
    expect(rateOf(after())).toBeUndefined()
    expect(rateOf(after([0, 5_000_000]))).toBeUndefined()
  })

  test('leaves out what was there before', () => {
    expect(rateOf(after([0, 1_000_000], [1000, 1_500_000]))).toBe(500_000)
  })

  test('is that of the last eight seconds', () => {
    expect(rateOf(after([0, 0], [1000, 9_000_000], [8500, 9_000_000], [9500, 9_002_000]))).toBe(2000)
    expect(rateOf(after([0, 0], [1000, 9_000_000], [20_000, 9_000_000]))).toBeUndefined()
  })

  test('never runs backwards, also where a file was begun anew', () => {
    expect(rateOf(after([0, 5_000_000], [1000, 1_000_000]))).toBe(0)
  })
})

describe('the time left', () => {
  test('follows from the rate', () => {
    expect(timeLeft(10_000, 4000)).toBe(2500)
  })

  test('is nothing where nothing is left, and not known where nothing comes', () => {
    expect([timeLeft(0, undefined), timeLeft(1, undefined), timeLeft(1, 0)]).toEqual([0, undefined, undefined])
  })
})
