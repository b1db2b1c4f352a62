import { expect, test } from 'vitest'
import { leastUsed } from '../../../../admin-ui/src/parts/model-colour.ts'

test('a new model has a colour that none has yet, then one that fewest have', () => {
  expect(leastUsed([])).toBe(0)
  expect(leastUsed([0, 1, 2])).toBe(3)
  expect(leastUsed([0, 1, 2, 3, 4, 5, 6, 7, 0, 2])).toBe(1)
})
