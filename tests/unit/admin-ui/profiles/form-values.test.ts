import { describe, expect, test } from 'vitest'
import {
  freeName,
  isBlank,
  likeAnother,
  ofModel,
  settingsOf,
  valuesOf,
} from '../../../../admin-ui/src/pages/profiles/form-values.ts'
import { profileFields, readProfile } from '../../../../src/config/config.ts'

const whole = {
  name: 'small',
  aliases: ['gpt-4o-mini'],
  engine: 'command' as const,
  model: '/srv/models/smol',
  revision: undefined,
  command: ['my-server', '--port', '${port}', '--title', "it's mine"],
  arguments: ['--temp', '0.5'],
  environment: { TOKENIZERS: 'a=b ', EMPTY: '' },
  servedModel: 'smol',
  adapter: '/srv/lora',
  draftModel: 'owner/tiny',
  context: 4096,
  defaults: { temperature: 0.2, stop: ['\n'], chat_template_kwargs: { enable_thinking: false } },
  force: { seed: 7, user: null, model: 'x' },
  idle: 300_000,
  pinned: true,
  preload: true,
  concurrency: 2,
  memory: 3 * 1024 ** 3,
}

describe('a profile’s form', () => {
  test('gives back what it was filled with', () => {
    const { settings, problems } = settingsOf(valuesOf(whole))
    expect(problems).toEqual([])
    expect(readProfile(settings)).toEqual(readProfile(whole))
  })

  test('has a place for all that a profile can say', () => {
    expect(Object.keys(valuesOf({})).sort()).toEqual(profileFields.map(({ name }) => name).sort())
  })

  test('that nothing is written in says nothing of what is missing; the gateway does', () => {
    expect(settingsOf(valuesOf({}))).toEqual({
      settings: { engine: 'mlx-lm', pinned: false, preload: false },
      problems: [],
    })
  })

  test('takes the blanks around a text for what they are', () => {
    expect(settingsOf(valuesOf({ name: ' small ', idle: ' 5m ', model: '  ' })).settings).toMatchObject({
      name: 'small',
      idle: '5m',
    })
  })

  test('keeps a command for its own engine', () => {
    expect(settingsOf({ ...valuesOf(whole), engine: 'mlx-lm' }).settings).not.toHaveProperty('command')
    expect(settingsOf({ ...valuesOf(whole), engine: 'mlx-lm', command: "'" }).problems).toEqual([])
  })

  test('says itself what only it can know, and leaves that field out', () => {
    const values = { ...valuesOf(whole), arguments: "--x 'y", force: [{ name: 'seed', value: 'seven' }] }
    const { settings, problems } = settingsOf(values)
    expect(problems).toEqual([
      { path: 'arguments', message: 'A quote is not closed.' },
      { path: 'force.seed', message: 'This is no JSON. A text stands in quotes: "seven"' },
    ])
    expect(settings).not.toHaveProperty('arguments')
    expect(settings).not.toHaveProperty('force')
  })

  test('knows where nothing is written', () => {
    expect(['', [], 0, false, 'x'].map(isBlank)).toEqual([true, true, false, false, false])
  })
})

describe('a new profile', () => {
  const taken = new Set(['coder', 'small', 'small-2'])

  test('of a model goes by the last part of its id or of its folder, where that is free', () => {
    expect(ofModel('owner/coder-4bit', taken)).toEqual({ name: 'coder-4bit', model: 'owner/coder-4bit' })
    expect(ofModel('/srv/models/coder/', taken)).toEqual({ name: 'coder-2', model: '/srv/models/coder/' })
  })

  test('like another answers to none of its names', () => {
    expect(likeAnother({ ...whole, name: 'owner/small' }, taken)).toEqual({ ...whole, name: 'small-3', aliases: [] })
    expect(freeName('free', taken)).toBe('free')
  })
})
