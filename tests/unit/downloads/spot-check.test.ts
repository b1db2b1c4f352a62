import { expect, test } from 'vitest'
import { EMPTY, spotCheck } from '../../../src/downloads/spot-check.ts'

/** None of them is 0. */
const bytes = Buffer.from(Array.from({ length: 64 * 1024 }, (_, at) => 1 + ((at * 31 + (at >> 8)) % 255)))
const sum = spotCheck(EMPTY, bytes, 0)

test('the sum is the same however the bytes are cut', () => {
  for (const cuts of [[1], [63, 64, 65], [100, 5000, 5001, 40_000], [65_535]]) {
    let [cut, at] = [EMPTY, 0]
    for (const end of [...cuts, bytes.length]) {
      cut = spotCheck(cut, bytes.subarray(at, end), at)
      at = end
    }
    expect(cut).toBe(sum)
  }
})

test('any sector that is lost is noticed', () => {
  for (let sector = 0; sector < bytes.length; sector += 512) {
    const damaged = Buffer.from(bytes)
    damaged.fill(0, sector, sector + 512)
    expect(spotCheck(EMPTY, damaged, 0)).not.toBe(sum)
  }
})

test('it is a number of 32 bits', () => {
  expect([sum >>> 0, Number.isInteger(sum)]).toEqual([sum, true])
})
