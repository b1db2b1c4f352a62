import { describe, expect, test } from 'vitest'
import type { Memory } from '../../../../src/api/admin/admin.ts'
import { isOtherMemory, isOtherServer, isOtherSize } from '../../../../src/api/live/news.ts'
import { server } from './views.ts'

const megabyte = 1024 ** 2
const gigabyte = 1024 ** 3

describe('a size is another', () => {
  test.each([
    ['beyond 64 MB', 100 * gigabyte, 100 * gigabyte + 65 * megabyte, true],
    ['not within them', 100 * gigabyte, 100 * gigabyte + 63 * megabyte, false],
    ['beyond 1 % of a small one', 100 * megabyte, 98 * megabyte, true],
    ['not within that', 100 * megabyte, 99.5 * megabyte, false],
    ['once it is known', null, 1, true],
    ['not while it is not known', null, null, false],
  ])('%s', (_, before, after, isOther) => {
    expect(isOtherSize(before, after)).toBe(isOther)
  })
})

describe('the memory is told', () => {
  const memory: Memory = {
    totalBytes: 32 * gigabyte,
    budgetBytes: 24 * gigabyte,
    availableBytes: 8 * gigabyte,
    otherBytes: 10 * gigabyte,
    measuredAt: 1,
  }

  test('at first, and where a size or the budget is another; not for its time alone', () => {
    expect(isOtherMemory(undefined, memory)).toBe(true)
    expect(isOtherMemory(memory, { ...memory, measuredAt: 9_000 })).toBe(false)
    expect(isOtherMemory(memory, { ...memory, otherBytes: 11 * gigabyte })).toBe(true)
    expect(isOtherMemory(memory, { ...memory, availableBytes: null })).toBe(true)
    expect(isOtherMemory(memory, { ...memory, budgetBytes: 24 * gigabyte + 1 })).toBe(true)
  })
})

describe('a server is told', () => {
  test.each([
    ['where it is in another state', { state: 'stopping' }, true],
    ['where more wait', { waiting: 1 }, true],
    ['where it is pinned', { pinned: true, unloadAt: null }, true],
    ['where it was used again', { lastUsed: 1_500 }, true],
    ['where it has grown', { memoryBytes: 11 * gigabyte }, true],
    ['not for a few pages', { memoryBytes: 10 * gigabyte + 4096, reservedBytes: 12 * gigabyte + 4096 }, false],
    ['not where two clocks disagree by a hair', { lastUsed: 1_001, unloadAt: 1_999 }, false],
  ] as const)('%s', (_, facts, isOther) => {
    expect(isOtherServer(server('a'), server('a', facts))).toBe(isOther)
  })
})
