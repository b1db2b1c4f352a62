import { describe, expect, test } from 'vitest'
import { readExpiry, readScope } from '../../../src/cli/key-options.ts'

describe('what a key is asked for with', () => {
  test('a time has a unit, and is in this century', () => {
    expect(readExpiry('30d')).toBe(30 * 86_400_000)
    expect(readExpiry('1.5h')).toBe(5_400_000)
    for (const text of ['30', '0d', '-1d', '', 'd', '101y', '9'.repeat(400), `${'9'.repeat(10)}y`, '1 fortnight'])
      expect(() => readExpiry(text)).toThrow('Write for example')
  })

  test('a scope is one of three', () => {
    expect(readScope('metrics')).toBe('metrics')
    expect(() => readScope('root')).toThrow('inference, metrics, admin')
  })
})
