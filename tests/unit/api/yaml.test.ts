import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { toYaml } from '../../../src/api/yaml.ts'

describe('toYaml', () => {
  test('reads back as what it was', () => {
    const value = {
      paths: { '/v1/models/{id}': { get: { tags: ['Models', 'yes'], deprecated: false } } },
      '200': [
        { a: [1, 2.5, [true, null]] },
        [],
        {},
        'text: with # signs',
        '- item',
        ' padded ',
        '12',
        'null',
        '',
        'two\nlines',
      ],
      empty: {},
      'key: odd': '"quoted"',
    }
    expect(parse(toYaml(value))).toEqual(value)
  })

  test('is laid out for people: plain texts bare, members on lines of their own', () => {
    expect(toYaml({ info: { title: 'mlx-gateway', tags: ['one', { name: 'two words' }] } })).toBe(
      'info:\n  title: mlx-gateway\n  tags:\n    - one\n    - name: two words\n',
    )
  })

  test('leaves out what is undefined', () => {
    expect(toYaml({ a: undefined, b: 1 })).toBe('b: 1\n')
  })
})
