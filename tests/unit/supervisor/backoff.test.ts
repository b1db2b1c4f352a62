import { expect, test } from 'vitest'
import { pause } from '../../../src/supervisor/backoff.ts'

const policy = { backoffMin: 1_000, backoffMax: 60_000, healthyAfter: 600_000, maxFailures: 5 }
const pauses = (roll: number) => [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => pause(failures, roll, policy))

test('the pause doubles from one second to a minute', () => {
  expect(pauses(0.5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
})

test('the pause is spread by half of itself either way, and never over the longest', () => {
  expect(pauses(0)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect(pauses(1)).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000])
})

test('a thousand failures still make a minute', () => {
  expect(pause(5_000, 0.5, policy)).toBe(60_000)
})
