import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Paced } from '../../../../src/api/live/paced.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function paced() {
  let runs = 0
  const paced = new Paced(250, () => (runs += 1))
  return { paced, runs: () => runs }
}

test('a burst is one run, at once', () => {
  const { paced: one, runs } = paced()
  for (let times = 0; times < 100; times += 1) one.ask()
  expect(runs()).toBe(0)
  vi.advanceTimersByTime(0)
  expect(runs()).toBe(1)
})

test('asked without pause, it runs once in its time, and once more for the last who asked', () => {
  const { paced: one, runs } = paced()
  for (let ms = 0; ms < 900; ms += 10) {
    one.ask()
    vi.advanceTimersByTime(10)
  }
  expect(runs()).toBe(4)
  vi.advanceTimersByTime(1_000)
  expect(runs()).toBe(5)
  one.ask()
  vi.advanceTimersByTime(0)
  expect(runs()).toBe(6)
})

test('disposed of, it runs no more', () => {
  const { paced: one, runs } = paced()
  one.ask()
  one[Symbol.dispose]()
  vi.advanceTimersByTime(1_000)
  expect(runs()).toBe(0)
})
