import { describe, expect, it } from 'vitest'
import { isName } from '../../../src/catalog/names.ts'

describe('a name that can be asked for', () => {
  it.each(['gpt-4o-mini', 'mlx-community/Qwen3-0.6B-4bit', 'qwen:4b', '_x', 'a'.repeat(96)])('may be %s', (name) => {
    expect(isName(name)).toBe(true)
  })

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/../b',
    'a..b',
    '/etc/passwd',
    'a/b/c',
    'a//b',
    'a/',
    '.hidden',
    '-flag',
    'a b',
    'a\0b',
    'a\nb',
    'a%2fb',
    'a\\b',
    'ä',
    'a'.repeat(97),
  ])('may not be %j', (name) => {
    expect(isName(name)).toBe(false)
  })
})
