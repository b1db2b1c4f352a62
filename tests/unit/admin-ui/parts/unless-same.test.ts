import { describe, expect, test } from 'vitest'
import { unlessSame } from '../../../../admin-ui/src/parts/unless-same.ts'

const [one, other] = [{ id: 1 }, { id: 2 }]

describe('a part of what is live', () => {
  test.each([
    [
      [one, other],
      [one, other],
    ],
    [
      { a: 1, b: null },
      { a: 1, b: null },
    ],
  ])('is the one of before where it holds the same: %j', (before, after) => {
    expect(unlessSame(before, after)).toBe(before)
  })

  test.each([
    [
      [one, other],
      [other, one],
    ],
    [[one], [{ ...one }]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [new Map([[1, one]]), new Map([[2, other]])],
    [undefined, one],
  ])('is a new one where anything of it is: %o', (before, after) => {
    expect(unlessSame(before, after)).toBe(after)
  })
})
