import { describe, expect, test } from 'vitest'
import { pictureOf } from '../../../../admin-ui/src/pages/dashboard/memory-parts.ts'

const GB = 1e9
const coder = { profile: 'coder', memoryBytes: 16 * GB, reservedBytes: 20 * GB }
const small = { profile: 'small', memoryBytes: 6 * GB, reservedBytes: 5 * GB }
const loading = { profile: 'loading', memoryBytes: null, reservedBytes: 8 * GB }
const memory = { totalBytes: 64 * GB, otherBytes: 9 * GB }

describe('the memory bar', () => {
  test('draws what each server holds, then what is kept for it beyond that, then other programs', () => {
    const { parts } = pictureOf([coder, small, loading], memory, 48 * GB)
    expect(parts.map(({ kind, profile, bytes }) => [kind, profile, bytes / GB])).toEqual([
      ['held', 'coder', 16],
      ['kept', 'coder', 4],
      ['held', 'small', 6],
      ['kept', 'loading', 8],
      ['other', null, 9],
    ])
  })

  test('counts as used what is measured, and as left what no server holds or was promised', () => {
    const { usedBytes, leftBytes, freeBytes } = pictureOf([coder, small, loading], memory, 48 * GB)
    expect([usedBytes, leftBytes, freeBytes]).toEqual([31 * GB, 14 * GB, 21 * GB])
  })

  test('does not claim to know what is in use or free where other programs are not known', () => {
    const { usedBytes, freeBytes, leftBytes } = pictureOf([coder], { ...memory, otherBytes: null }, 48 * GB)
    expect([usedBytes, freeBytes, leftBytes]).toEqual([null, null, 28 * GB])
  })

  test('is as long as the machine’s memory, but never shorter than what stands on it or than the budget', () => {
    expect(pictureOf([coder], memory, 48 * GB).totalBytes).toBe(64 * GB)
    expect(pictureOf([coder], { totalBytes: 8 * GB, otherBytes: null }, 12 * GB).totalBytes).toBe(20 * GB)
    expect(pictureOf([], undefined, 12 * GB).totalBytes).toBe(12 * GB)
  })
})
