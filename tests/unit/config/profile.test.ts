import { describe, expect, it } from 'vitest'
import { readProfile } from '../../../src/config/config.ts'

describe('a profile', () => {
  it('is read with its defaults, and reads the same again', () => {
    const read = readProfile({ name: 'small', model: 'owner/model', idle: '10m', memory: '1GB' })
    expect(read).toMatchObject({ engine: 'mlx-lm', aliases: [], pinned: false, idle: 600_000, memory: 1024 ** 3 })
    expect(readProfile(JSON.parse(JSON.stringify(read)))).toEqual(read)
  })

  it.each([
    { of: { name: 'a', model: 'm', alias: ['b'] }, param: 'alias', words: 'did you mean aliases?' },
    { of: { model: 'm' }, param: 'name', words: 'name: is missing' },
    { of: { name: 'a', model: 'm', aliases: ['ok', 'not ok'] }, param: 'aliases[1]', words: 'may hold only letters' },
    { of: { name: 'a', model: 'm', aliases: ['b', 'b'] }, param: 'aliases[1]', words: '"b" is a name of this profile' },
    { of: { name: 'a' }, param: 'model', words: 'needs a folder or a repo id' },
    { of: { name: 'a', model: 'm', command: ['x', '${port}'] }, param: 'command', words: 'belongs to engine: command' },
    { of: { name: 'a', engine: 'command' }, param: 'command', words: 'needs an argv' },
    { of: { name: 'a', engine: 'command', command: ['x'] }, param: 'command', words: 'must hold ${port}' },
    { of: { name: 'a', engine: 'command', command: ['${port}', '${model}'] }, param: 'command', words: 'has no model' },
    { of: { name: 'a', model: '/m', revision: 'v1' }, param: 'revision', words: 'a folder has no revisions' },
    { of: { name: 'a', model: 'o/m', revision: '../v1' }, param: 'revision', words: 'a branch, a tag or a commit' },
    { of: { name: 'a', model: 'o/m', revision: 'a/../b' }, param: 'revision', words: 'a branch, a tag or a commit' },
    { of: { name: 'a', model: 'o/m', revision: '/v1' }, param: 'revision', words: 'a branch, a tag or a commit' },
    { of: { name: 'a', model: 'm\0' }, param: 'model', words: 'no NUL' },
    { of: { name: '../etc', model: 'm' }, param: 'name', words: 'may hold only letters' },
    { of: null, param: undefined, words: 'expected object' },
    { of: 'text', param: undefined, words: 'expected object' },
  ])('is refused: $words', ({ of, param, words }) => {
    const refusal = { code: 'invalid_request', param, message: expect.stringContaining(words) }
    expect(() => readProfile(of)).toThrow(expect.objectContaining(refusal))
  })

  it.each(['main', 'v1.0+mlx', 'refs/pr/7', 'a'.repeat(40)])('may name a revision of its model: %s', (revision) => {
    expect(readProfile({ name: 'a', model: 'owner/model', revision }).revision).toBe(revision)
  })

  it('is refused with everything that is wrong with it', () => {
    expect(() => readProfile({ name: 'a b', idle: 'soon', context: -1 })).toThrow(/name: .*; idle: .*; |context: .*; /)
  })
})

it('refuses what is nested too deeply to be looked at', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
  const profile = { name: 'small', model: 'owner/model', defaults: { deep } }
  expect(() => readProfile(profile)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
})
