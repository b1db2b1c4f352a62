import { describe, expect, test } from 'vitest'
import { append, found, none } from '../../../../admin-ui/src/pages/logs/log-state.ts'

describe('a log', () => {
  test('keeps its last 5,000 lines, each with its number', () => {
    const full = append(
      none,
      Array.from({ length: 5_000 }, (_, index) => `line ${index + 1}`),
    )
    const { lines, total } = append(full, ['one more', 'and another'])
    expect([lines.length, total, lines[0], lines.at(-1)]).toEqual([
      5_000,
      5_002,
      { number: 3, text: 'line 3' },
      { number: 5_002, text: 'and another' },
    ])
  })

  test('is searched whatever the case, past colour codes', () => {
    const { lines } = append(none, ['\u001B[31mOut of\u001B[0m memory', 'ready'])
    expect(found(lines, ' out of MEMORY ').map(({ number }) => number)).toEqual([1])
    expect(found(lines, '')).toHaveLength(2)
  })
})
