import { describe, expect, test } from 'vitest'
import {
  chosenOf,
  inShort,
  outcomeOf,
  remarksOf,
  reversalOf,
  servesOf,
} from '../../../../admin-ui/src/pages/profiles/import-words.ts'
import { profile } from './views.ts'

const one = (name: string, action: 'create' | 'replace' | 'skip', more: object = {}) => ({
  name,
  action,
  settings: { name, model: `owner/${name}` },
  problems: [],
  notes: [],
  ...more,
})
const file = {
  form: 'llama-swap' as const,
  notes: [],
  profiles: [one('a', 'create'), one('b', 'replace'), one('c', 'skip', { problems: ['odd'], notes: ['left'] })],
}

describe('the preview of an import', () => {
  test('says whose file it is and how much of it can be taken over', () => {
    expect(inShort(file)).toBe('A file of llama-swap: 3 profiles, of which 1 cannot be taken over.')
    expect(inShort({ ...file, form: 'mlx-gateway', profiles: file.profiles.slice(0, 1) })).toBe(
      'Profiles of mlx-gateway: 1 profile.',
    )
  })

  test('tells of each what it serves, why it is left out, and what is different', () => {
    expect(file.profiles.map(remarksOf)).toEqual([[], [], ['odd', 'left']])
    expect(servesOf(one('a', 'create'))).toBe('owner/a')
    expect(servesOf(one('a', 'create', { settings: { name: 'a', command: ['serve', 'x'] } }))).toBe('serve')
    expect(servesOf(one('a', 'skip', { settings: null }))).toBe('')
  })

  test('takes all that can be, but what somebody has put aside', () => {
    expect(chosenOf(file, new Set(['a', 'c'])).map(({ name }) => name)).toEqual(['b'])
  })
})

describe('an import', () => {
  test('is told in one sentence', () => {
    expect(outcomeOf([one('a', 'create')])).toBe('1 profile imported.')
    expect(outcomeOf([one('a', 'create'), one('b', 'replace')])).toBe(
      '2 profiles imported, 1 in the place of what you had.',
    )
  })

  test('is taken back from its end: what was new goes, what was replaced is as before', () => {
    const settings = { name: 'b', model: 'owner/old' }
    const before = [profile({ name: 'b', settings })]
    expect(reversalOf([one('a', 'create'), one('b', 'replace')], before)).toEqual([
      { kind: 'restore', name: 'b', settings },
      { kind: 'remove', name: 'a' },
    ])
  })
})
