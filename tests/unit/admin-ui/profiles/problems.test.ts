import { describe, expect, test } from 'vitest'
import {
  fieldOf,
  outside,
  withoutDoubles,
  wordsAt,
  wordsAtList,
  wordsAtRow,
  wordsBesideRows,
} from '../../../../admin-ui/src/pages/profiles/problems.ts'

const problem = (path: string, message: string) => ({ path, message })

describe('what is wrong with a profile', () => {
  test('is said at its field', () => {
    const problems = [problem('name', 'is missing'), problem('model', 'is missing'), problem('', 'is too deep')]
    expect(wordsAt('name', problems)).toBe('Is missing')
    expect(wordsAt('idle', problems)).toBeUndefined()
    expect(['aliases[1]', 'environment.A_B', 'name', ''].map(fieldOf)).toEqual(['aliases', 'environment', 'name', ''])
  })

  test('of a list says which of its items is meant', () => {
    const problems = [problem('aliases[1]', 'may hold only letters'), problem('aliases[0]', '"gpt" already belongs')]
    expect(wordsAtList('aliases', ['gpt', 'a b'], problems)).toBe('"a b" may hold only letters; "gpt" already belongs')
    expect(wordsAtList('aliases', [], [problem('aliases', 'must be a list')])).toBe('Must be a list')
  })

  test('of a row is said at that row, and of no row at all of them', () => {
    const problems = [
      problem('force.stop[0]', 'is no text'),
      problem('force.', 'needs a name'),
      problem('force', 'odd'),
    ]
    const [stop, stopper, nameless] = ['stop', 'stopper', ''].map((name) => ({ name, value: '1' }))
    expect([stop, stopper, nameless].map((row) => row && wordsAtRow('force', row, problems))).toEqual([
      'Is no text',
      undefined,
      'Needs a name',
    ])
    expect(wordsBesideRows('force', [{ name: 'stop', value: '' }], problems)).toBe('Needs a name; odd')
  })

  test('that no field is there for is told beside them', () => {
    const problems = [problem('name', 'is missing'), problem('comand', 'there is no such setting'), problem('', 'odd')]
    expect(outside(new Set(['name']), problems)).toEqual(problems.slice(1))
  })

  test('is said once at each place', () => {
    const problems = [problem('force', 'first'), problem('idle', 'x'), problem('force', 'second')]
    expect(withoutDoubles(problems)).toEqual(problems.slice(0, 2))
  })
})
