import { expect, test } from 'vitest'
import { Pace } from '../../../src/downloads/pace.ts'

test('what comes is followed by a pause that makes it so many bytes a second, whoever brought it', () => {
  const pace = new Pace(1000)
  expect(pace.after(100, 0)).toBe(100)
  expect(pace.after(100, 100)).toBe(100)
  expect(pace.after(100, 150), 'too early').toBe(150)
})

test('time in which nothing came is not made up for', () => {
  const pace = new Pace(1000)
  pace.after(100, 0)
  expect(pace.after(100, 60_000)).toBe(100)
})

test('no pause is longer than a moment, because little is read at once', () => {
  expect(new Pace(1_000_000).bite(256 * 1024)).toBe(50_000)
  expect(new Pace(1e12).bite(256 * 1024)).toBe(256 * 1024)
  expect(new Pace(10).bite(256 * 1024)).toBe(4096)
})

test('a limit may come, change and go', () => {
  const pace = new Pace(undefined)
  expect([pace.after(1_000_000, 0), pace.bite(256 * 1024)]).toEqual([0, 256 * 1024])
  pace.bytesPerSecond = 1_000_000
  expect([pace.after(100_000, 0), pace.bite(256 * 1024)]).toEqual([100, 50_000])
  pace.bytesPerSecond = undefined
  expect([pace.after(1_000_000, 0), pace.bite(256 * 1024)]).toEqual([0, 256 * 1024])
})
