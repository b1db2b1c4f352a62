import { describe, expect, test } from 'vitest'
import { countOf, dateOf, gatedOf, licenseOf, textsOf } from '../../../src/hub/told.ts'

describe('what the hub tells', () => {
  test('of a licence is taken from the card, else from the tags', () => {
    expect(licenseOf({ license: 'mit' }, ['license:apache-2.0'])).toBe('mit')
    expect(licenseOf({ license: ['mit', 'gpl'] }, [])).toBe('mit, gpl')
    expect(licenseOf({ license: 'other', license_name: 'llama3' }, [])).toBe('llama3')
    expect(licenseOf(undefined, ['mlx', 'license:apache-2.0'])).toBe('apache-2.0')
    expect(licenseOf({ license: 7 }, [])).toBeUndefined()
  })

  test('of the gate is one of three things', () => {
    expect(['auto', 'manual', true, false, undefined, 'x'].map(gatedOf)).toEqual([
      'auto',
      'manual',
      'manual',
      false,
      false,
      false,
    ])
  })

  test('is left out where it is nonsense', () => {
    expect(textsOf(['a', 1, null, 'b'])).toEqual(['a', 'b'])
    expect(textsOf('a')).toEqual([])
    expect([1, 0, -1, Number.NaN, '3'].map(countOf)).toEqual([1, 0, undefined, undefined, undefined])
    expect(dateOf(new Date('nonsense'))).toBeUndefined()
    expect(dateOf(new Date(0))).toBe('1970-01-01T00:00:00.000Z')
  })
})
