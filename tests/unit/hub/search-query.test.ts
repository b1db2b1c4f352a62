import { describe, expect, test } from 'vitest'
import { isNamed, isWanted, mayBeWanted, readCursor, writeCursor } from '../../../src/hub/search-query.ts'

const limit = 1
const known = (quantization: string | undefined, weightsBytes?: number) => ({ quantization, weightsBytes })

describe('what was asked for', () => {
  test('by bits is what is quantised so, or not at all for 16 and 32', () => {
    expect(isWanted({ bits: 4, limit }, known('4-bit'))).toBe(true)
    expect(isWanted({ bits: 4, limit }, known('8-bit'))).toBe(false)
    expect(isWanted({ bits: 16, limit }, known('bfloat16'))).toBe(true)
    expect(isWanted({ bits: 32, limit }, known('float32'))).toBe(true)
    expect(isWanted({ bits: 4, limit }, known(undefined))).toBe(false)
  })

  test('of mixed bits is what the hub’s tag says', () => {
    expect(isWanted({ bits: 4, limit }, known('mixed'), ['mlx', '4-bit'])).toBe(true)
    expect(isWanted({ bits: 8, limit }, known('mixed'), ['mlx', '4-bit'])).toBe(false)
  })

  test('by size lies between, its ends too, and is known', () => {
    const query = { minBytes: 10, maxBytes: 20, limit }
    expect([9, 10, 20, 21, undefined].map((size) => isWanted(query, known('4-bit', size)))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ])
    expect(isWanted({ minBytes: 0, limit }, known('4-bit'))).toBe(false)
    expect(isWanted({ limit }, known(undefined))).toBe(true)
  })

  test('may be anything whose tags do not say otherwise', () => {
    expect(mayBeWanted({ bits: 4, limit }, ['mlx'])).toBe(true)
    expect(mayBeWanted({ bits: 4, limit }, ['mlx', '4-bit'])).toBe(true)
    expect(mayBeWanted({ bits: 4, limit }, ['mlx', '8-bit'])).toBe(false)
    expect(mayBeWanted({ limit }, ['mlx', '8-bit'])).toBe(true)
  })

  test('by words holds them all', () => {
    expect(isNamed({ text: 'qwen 4B', limit }, 'mlx-community/Qwen3-4b')).toBe(true)
    expect(isNamed({ text: 'qwen 8b', limit }, 'mlx-community/Qwen3-4b')).toBe(false)
    expect(isNamed({ owner: 'MLX-community', limit }, 'mlx-community/x')).toBe(true)
    expect(isNamed({ owner: 'mlx', limit }, 'mlx-community/x')).toBe(false)
  })
})

describe('a cursor', () => {
  test('leads back to its place', () => {
    for (const place of [
      { page: undefined, done: 3 },
      { page: 'a+/=&', done: 0 },
    ])
      expect(readCursor(writeCursor(place))).toEqual(place)
    expect(readCursor(undefined)).toEqual({ page: undefined, done: 0 })
    expect(writeCursor({ page: 'a+/=&', done: 0 })).toMatch(/^[\w-]+$/)
  })
})
