import { expect, test } from 'vitest'
import { memoryBack } from '../../../src/supervisor/memory.ts'
import { stallPatience } from '../../../src/supervisor/start.ts'
import { host } from '../../fixtures/supervisor/small.ts'

/** A host whose available memory is read from this list, the last figure for ever. */
function freeing(...available: number[]) {
  let looks = 0
  const memory = async () => {
    const availableBytes = available[Math.min(looks++, available.length - 1)] ?? 0
    return { totalBytes: 100, availableBytes, countsReclaimable: true, gpuLimitBytes: undefined, source: 'a list' }
  }
  return { host: { ...host, memory }, looks: () => looks }
}

test('on macOS the memory of an ended server is waited for, until half of it is back', async () => {
  const machine = freeing(20, 24, 25, 90)
  await memoryBack(machine.host, 'darwin', 20, 10)
  expect(machine.looks()).toBe(3)
})

test('elsewhere the end of the process group is enough', async () => {
  const machine = freeing(20)
  await memoryBack(machine.host, 'linux', 20, 10)
  expect(machine.looks()).toBe(0)
})

test('a start may be silent for as long as a slow disk needs for the weights, beyond the setting', () => {
  expect(stallPatience(120_000, 0)).toBe(120_000)
  expect(stallPatience(120_000, 60e9)).toBe(240_000)
})
