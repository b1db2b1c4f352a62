import { describe, expect, it } from 'vitest'
import { examineProfile, expandProfileHome, readProfile } from '../../../src/config/config.ts'

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

const paths = (input: unknown) => examineProfile(input).problems.map(({ path }) => path)

describe('a profile that is being written', () => {
  it('is told everything that is wrong, of fields and of what they are for each other', () => {
    const written = {
      aliases: ['ok', 'not ok'],
      idle: 'soon',
      revison: 'x',
      model: '/m',
      command: ['x'],
      revision: 'main',
    }
    expect(paths(written)).toEqual(['name', 'aliases[1]', 'idle', 'revison', 'command', 'revision'])
    expect(paths({ name: 'a', environment: { 'A B': 'x' }, concurrency: 0 })).toEqual([
      'environment.A B',
      'concurrency',
      'model',
    ])
  })

  it('is read as far as it can be', () => {
    expect(examineProfile({ model: 'owner/m', context: 10, idle: 'soon', aliases: ['a b'] }).draft).toEqual(
      readProfile({ name: 'unnamed', model: 'owner/m', context: 10 }),
    )
    expect(examineProfile({ name: 'a' }).draft).toMatchObject({ name: 'a', engine: 'mlx-lm' })
  })

  it('is not told what a field at fault leads to', () => {
    expect(paths({ name: 'a', model: 7 })).toEqual(['model'])
    expect(paths({ name: 'a', engine: 'llama', command: ['x'] })).toEqual(['engine'])
    expect(paths({ name: 'a', engine: 'command', command: [7] })).toEqual(['command[0]'])
  })

  it.each([undefined, null, 'text', []])('is no profile: %j', (input) => {
    expect(paths(input)).toEqual([''])
  })

  it('is the same as one that is saved, where nothing is wrong', () => {
    const written = { name: 'a', model: 'm', idle: '5m' }
    expect(examineProfile(written)).toEqual({ problems: [], draft: readProfile(written) })
  })
})

it('has its paths in the home directory made absolute, and no others', () => {
  const written = { name: 'a', engine: 'command', command: ['~/bin/x', '~/y', '${port}'], model: '~/m', adapter: './a' }
  expect(expandProfileHome(readProfile(written), '/home/me')).toMatchObject({
    command: ['/home/me/bin/x', '~/y', '${port}'],
    model: '/home/me/m',
    adapter: './a',
  })
})

it('refuses what is nested too deeply to be looked at', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
  const profile = { name: 'small', model: 'owner/model', defaults: { deep } }
  expect(() => readProfile(profile)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
})
