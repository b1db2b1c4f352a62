import { describe, expect, test } from 'vitest'
import { plainRowsOf, readPlainRows, readRows, rowsOf } from '../../../../admin-ui/src/pages/profiles/parameter-rows.ts'

const row = (name: string, value: string) => ({ name, value })

describe('rows of parameters', () => {
  test('hold values as JSON, and give them back', () => {
    const parameters = { temperature: 0.2, stop: ['\n', '"'], logit_bias: { 5: -1 }, seed: null, user: 'a b' }
    expect(rowsOf(parameters)).toContainEqual(row('user', '"a b"'))
    expect(readRows('defaults', rowsOf(parameters))).toEqual({ entries: parameters, problems: [] })
    expect(rowsOf(undefined)).toEqual([])
  })

  test('that nothing is written in do not count', () => {
    expect(readRows('defaults', [row(' ', ''), row('', '  ')])).toEqual({ entries: {}, problems: [] })
  })

  test('say what is wrong with each', () => {
    const rows = [row('', '1'), row('a', '1'), row(' a ', '2'), row('b', 'none'), row('c', '{"x"'), row('d', '')]
    const { entries, problems } = readRows('force', rows)
    expect(entries).toEqual({ a: 1 })
    expect(problems).toEqual([
      { path: 'force.', message: 'A value needs a name.' },
      { path: 'force.a', message: '"a" is here twice.' },
      { path: 'force.b', message: 'This is no JSON. A text stands in quotes: "none"' },
      { path: 'force.c', message: 'This is not whole JSON.' },
      { path: 'force.d', message: 'It needs a value: a number, true, "a text", [a list] or {an object}.' },
    ])
  })
})

describe('rows of the environment', () => {
  test('hold texts as they are', () => {
    const environment = { PATH: '/bin ', EMPTY: '', QUOTED: '"x"' }
    expect(readPlainRows('environment', plainRowsOf(environment))).toEqual({ entries: environment, problems: [] })
  })
})
