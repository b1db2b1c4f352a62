import { describe, expect, it } from 'vitest'
import { byteSize, duration, longDuration, memoryBudget, timeout } from '../../../src/config/units.ts'

const gibibyte = 1024 ** 3

describe('a duration', () => {
  it.each([
    [1_500, 1_500],
    ['1500', 1_500],
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5h', 5_400_000],
    ['0', 0],
    ['0.4ms', 0],
  ])('%j is %d ms', (written, value) => {
    expect(duration.parse(written)).toBe(value)
  })

  it.each(['', ' ', 'soon', '10 potatoes', '-1s', -1, Number.NaN, Infinity, true, null, '1'.repeat(200)])(
    'is not %j',
    (written) => {
      expect(duration.safeParse(written).error?.issues[0]?.message).toMatch(/duration|expected/)
    },
  )

  it('that a timer could not wait for is refused, unless nobody waits for it', () => {
    expect(duration.safeParse('25d').error?.issues[0]?.message).toBe('must be at most 24 days')
    expect(duration.parse('24d')).toBe(24 * 86_400_000)
    expect(longDuration.parse('365d')).toBe(365 * 86_400_000)
  })

  it('of a timeout is not 0', () => {
    expect(timeout.safeParse('0s').error?.issues[0]?.message).toBe('must be longer than 0')
    expect(timeout.parse('1ms')).toBe(1)
  })
})

describe('a size', () => {
  it.each([
    [1_024, 1_024],
    ['1024', 1_024],
    ['300MB', 300 * 1024 ** 2],
    ['24 gb', 24 * gibibyte],
    ['24GiB', 24 * gibibyte],
    ['24G', 24 * gibibyte],
    ['1.5kb', 1_536],
    ['7b', 7],
  ])('%j is %d bytes', (written, value) => {
    expect(byteSize.parse(written)).toBe(value)
  })

  it.each(['', 'lots', '12 potatoes', '70%', '-1MB', 1.5, -1, '99999999TB', true, null])('is not %j', (written) => {
    expect(byteSize.safeParse(written).error?.issues[0]?.message).toMatch(/size|expected/)
  })
})

describe('a memory budget', () => {
  it('is a share of the machine or a size', () => {
    expect(memoryBudget.parse('70%')).toEqual({ share: 0.7 })
    expect(memoryBudget.parse('100 %')).toEqual({ share: 1 })
    expect(memoryBudget.parse('24GB')).toEqual({ bytes: 24 * gibibyte })
    expect(memoryBudget.parse(1_000)).toEqual({ bytes: 1_000 })
  })

  it.each(['0%', '101%', '%', '0', 0, 'all', '', true])('is not %j', (written) => {
    expect(memoryBudget.safeParse(written).error?.issues[0]?.message).toContain('memory budget')
  })
})
