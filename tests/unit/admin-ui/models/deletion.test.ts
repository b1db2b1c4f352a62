import { describe, expect, test } from 'vitest'
import { consequences, nameOf } from '../../../../admin-ui/src/pages/models/deletion.ts'
import { local, revision } from './local.ts'

describe('before a model is deleted', () => {
  test('it is said what that frees, what stays, who needs it and how it comes back', () => {
    const model = local('m/x', { sizeBytes: 5e9, ownBytes: 4e9, usedBy: ['coder', 'writer', 'tests'] })
    expect(consequences(model)).toEqual([
      'It frees 4.0 GB.',
      '1.0 GB of it stay: other models share them.',
      'coder, writer and tests serve it, and cannot answer without it.',
      'It can be pulled from the hub again.',
    ])
  })

  test('a single profile serves, nothing shared is not mentioned, and a size not known is not made up', () => {
    expect(consequences(local('m/x', { ownBytes: null, sizeBytes: null, usedBy: ['coder'] }))).toEqual([
      'What it frees is not measured yet.',
      'coder serves it, and cannot answer without it.',
      'It can be pulled from the hub again.',
    ])
    expect(consequences(local('m/x', { ownBytes: 0 }))[0]).toBe('It frees nothing.')
  })

  test('one that stands behind another is missed by nobody', () => {
    expect(consequences(local('m/x', { shadowed: true, usedBy: ['coder'] })).join(' ')).not.toContain('coder')
  })

  test('of a revision it is said what that one alone frees', () => {
    const model = local('m/x', { usedBy: ['coder'] })
    expect(consequences(model, revision('a', { sizeBytes: 4e9, ownBytes: 1e9 }))).toEqual([
      'It frees 1.0 GB.',
      '3.0 GB of it stay: other revisions or models share them.',
      'It can be pulled from the hub again.',
    ])
  })

  test.each([
    ['folder', 'only a copy of yours brings it back'],
    ['lmstudio', 'only a copy of yours brings it back'],
    ['starter', 'fetched again when somebody asks for it'],
  ] as const)('a model of %s comes back otherwise', (source, words) => {
    expect(consequences(local('mine', { source })).at(-1)).toContain(words)
  })
})

test('a revision goes by its branches and tags, else by the beginning of its commit', () => {
  expect(nameOf({ refs: ['main', 'v1'], commit: 'x' })).toBe('main, v1')
  expect(nameOf({ refs: [], commit: '0123456789abcdef' })).toBe('0123456789ab')
})
