import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createIdleCollector } from '../../../src/host/idle-collector.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function collector() {
  const collected: number[] = []
  const idle = createIdleCollector({ collect: () => collected.push(Date.now()), quietMs: 1000, now: Date.now })
  vi.setSystemTime(0)
  return { idle, collected }
}

test('memory is collected once, when nothing has been under way for a while', () => {
  const { idle, collected } = collector()
  idle.started('a')
  idle.ended('a')
  vi.advanceTimersByTime(600)
  idle.started('a')
  idle.ended('a')
  vi.advanceTimersByTime(999)
  expect(collected).toEqual([])
  vi.advanceTimersByTime(10_000)
  expect(collected).toEqual([1600])
})

test('never while something is under way, but after it', () => {
  const { idle, collected } = collector()
  idle.started('a')
  idle.started('b')
  idle.ended('a')
  vi.advanceTimersByTime(60_000)
  expect(collected).toEqual([])
  idle.ended('b')
  vi.advanceTimersByTime(1000)
  expect(collected).toEqual([61_000])
})

test('what ends without having started does not stand for what is under way', () => {
  const { idle, collected } = collector()
  idle.started('a')
  idle.ended('could not be read')
  vi.advanceTimersByTime(60_000)
  expect(collected).toEqual([])
})

test('nothing is collected where nothing was done, or after the end', () => {
  const { idle, collected } = collector()
  vi.advanceTimersByTime(60_000)
  idle.started('a')
  idle.ended('a')
  idle[Symbol.dispose]()
  vi.advanceTimersByTime(60_000)
  expect(collected).toEqual([])
})
