import { describe, expect, test } from 'vitest'
import {
  ago,
  bytes,
  contextSize,
  count,
  countdown,
  duration,
  listed,
  ofMemory,
  rate,
  share,
  some,
  time,
} from '../../../../admin-ui/src/parts/format.ts'

describe('numbers on the page', () => {
  test('have the units that people read', () => {
    expect([16.7e9, 512e6, 9.4e9, 128e9, 2.5e12, 800, 999_600].map(bytes)).toEqual([
      '16.7 GB',
      '512 MB',
      '9.4 GB',
      '128 GB',
      '2.5 TB',
      '800 bytes',
      '1 MB',
    ])
    expect([40, 800, 3_100, 21_000, 59_600, 250_000, 7_500_000, 3 * 86_400_000].map(duration)).toEqual([
      '40 ms',
      '0.8 s',
      '3.1 s',
      '21 s',
      '1 min',
      '4 min 10 s',
      '2 h 5 min',
      '3 days',
    ])
    expect([38.4, 9.27].map(rate)).toEqual(['38', '9.3'])
    expect(share(0.62)).toBe('62 %')
    expect(count(12_408)).toBe('12,408')
    expect([some(1, 'request'), some(3, 'request'), some(null, 'token')]).toEqual([
      '1 request',
      '3 requests',
      '– tokens',
    ])
    expect([65_200, 9_100, 0, -5].map(countdown)).toEqual(['1 min 6 s', '10 s', '0 s', '0 s'])
  })

  test('tell a context in thousands of 1,024, a small one exactly', () => {
    expect([512, 2048, 40_960, 131_072, 1_048_576, 1_572_864].map(contextSize)).toEqual([
      '512',
      '2k',
      '40k',
      '128k',
      '1M',
      '1.5M',
    ])
  })

  test('say memory as macOS does: a machine of 64 GB has 64 GB', () => {
    expect([64 * 1024 ** 3, 9.5 * 1024 ** 3, 300 * 1024 ** 2, 1019 * 1024 ** 2].map(ofMemory)).toEqual([
      '64.0 GB',
      '9.5 GB',
      '300 MB',
      '1.0 GB',
    ])
  })

  test('are a dash where they are not known, never 0', () => {
    for (const unit of [bytes, ofMemory, duration, rate, share, count, time, ago, contextSize]) {
      expect([unit(null), unit(undefined)]).toEqual(['–', '–'])
      expect(unit(0)).not.toBe('–')
    }
  })

  test('tell a time of today by the clock, another with its day', () => {
    const noon = new Date(2026, 4, 17, 12, 4, 31).getTime()
    expect(time(noon, noon + 1000)).toBe('12:04:31')
    expect(time(noon, noon + 86_400_000)).toBe('17 May 12:04')
    expect(time(noon, new Date(2025, 4, 17).getTime())).toBe('17 May 2026 12:04')
    expect([5_000, 42_000, 240_000, 7_200_000, 4 * 86_400_000].map((ms) => ago(noon, noon + ms))).toEqual([
      'just now',
      '42 s ago',
      '4 min ago',
      '2 h ago',
      '4 days ago',
    ])
  })
})

test('names are listed as people do', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((names) => listed(names))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ])
  expect(listed(['a', 'b', 'c'], 'disjunction')).toBe('a, b or c')
})
