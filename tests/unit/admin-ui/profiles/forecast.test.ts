import { describe, expect, test } from 'vitest'
import { forecastOf, shortfall } from '../../../../admin-ui/src/pages/profiles/forecast-parts.ts'

const GB = 1024 ** 3
const memory = {
  weightBytes: 4 * GB,
  contextBytes: 2 * GB,
  context: 8192,
  reservedBytes: 7 * GB,
  budgetBytes: 36 * GB,
  freeBytes: 30 * GB,
  fit: 'fits' as const,
}
const parts = (more: Partial<typeof memory> | object) =>
  forecastOf({ ...memory, ...more }).parts.map(({ kind, bytes }) => [kind, bytes / GB])

describe('the predicted memory', () => {
  test('stands beside what is reserved for others: weights, contexts, the program itself; and what is left', () => {
    expect(parts({})).toEqual([
      ['others', 6],
      ['weights', 4],
      ['context', 2],
      ['rest', 1],
    ])
    expect(forecastOf(memory)).toMatchObject({ wholeBytes: 36 * GB, leftBytes: 23 * GB })
  })

  test('goes beyond the budget where it does not fit, and leaves nothing', () => {
    const large = { ...memory, weightBytes: 40 * GB, reservedBytes: 45 * GB }
    expect(forecastOf(large)).toMatchObject({ wholeBytes: 51 * GB, leftBytes: null })
  })

  test('is one piece where nothing is known of the model', () => {
    const unknown = { weightBytes: null, contextBytes: null, freeBytes: 36 * GB, reservedBytes: 2 * GB }
    expect(parts(unknown)).toEqual([['rest', 2]])
  })

  test('is never drawn longer than what is set aside by hand, and says where that is too little', () => {
    const little = { ...memory, reservedBytes: 5 * GB }
    expect(parts(little)).toEqual([
      ['others', 6],
      ['weights', 4],
      ['context', 1],
    ])
    expect(shortfall(little)).toBe(
      'Only 5.0 GB are set aside by hand; its weights and its context alone come to ~6.0 GB.',
    )
    expect(shortfall(memory)).toBeUndefined()
  })
})
