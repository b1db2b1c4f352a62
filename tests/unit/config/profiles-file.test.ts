import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readProfile, readProfilesFile, writeProfilesFile } from '../../../src/config/config.ts'

const read = (text: string) => readProfilesFile(text, '/home/me')
const refusal = (words: string) =>
  expect.objectContaining({ code: 'invalid_request', param: 'yaml', message: expect.stringContaining(words) })

describe('a file of profiles', () => {
  const profile = { name: 'a', model: 'm' }

  test.each([
    ['a configuration file', 'profiles: [{ name: a, model: m }]'],
    ['a list', '- { name: a, model: m }'],
    ['one alone', 'name: a\nmodel: m'],
    ['JSON', '{ "profiles": [{ "name": "a", "model": "m" }] }'],
    ['anchors', 'profiles:\n  - { <<: &it { model: m }, name: a }'],
  ])('may be %s', (_, text) => {
    expect(read(text)).toEqual({ form: 'mlx-gateway', profiles: [profile], notes: [] })
  })

  test('may be a whole configuration, of which only the profiles count', () => {
    const text = 'models: { folders: [/srv] }\nprofiles: [{ name: a, model: m }]\nserver: { port: 1 }'
    expect(read(text)).toEqual({
      form: 'mlx-gateway',
      profiles: [profile],
      notes: ['Only the profiles are taken over, not: models, server.'],
    })
  })

  test('may be llama-swap’s', () => {
    const text = readFileSync(new URL('../../fixtures/llama-swap/config.yaml', import.meta.url), 'utf8')
    expect(read(text)).toMatchObject({ form: 'llama-swap', models: expect.any(Array) })
  })

  const bomb = Array.from({ length: 9 }, (_, at) => `- &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]`)
  test.each([
    ['no YAML', 'a: [', 'cannot be imported'],
    ['nothing of the kind', 'hello: world', 'it holds neither a list of profiles'],
    ['nothing at all', '', 'it holds neither'],
    ['a text', 'just words', 'it holds neither'],
    ['tags of programs', 'profiles: !!js/function "x"', 'Unresolved tag'],
    ['a bomb', ['- &a0 [x]', ...bomb].join('\n'), 'resource exhaustion'],
    ['a bomb of merges', `a: &a { k: v }\nb: &b { <<: [${Array(200).fill('*a').join(', ')}] }`, 'resource exhaustion'],
    ['too long', `# ${'x'.repeat(64 * 1024)}`, 'longer than 64 KiB'],
    [
      'of too many profiles',
      `[${Array.from({ length: 201 }, (_, index) => `{ name: p${index} }`).join(', ')}]`,
      'more than 200',
    ],
    ['twice the same key', 'profiles: []\nprofiles: []', 'unique'],
    ['groups that are none', 'models: { a: { cmd: x } }\ngroups: 7', 'groups'],
  ])('is refused where it is %s', (_, text, words) => {
    expect(() => read(text)).toThrow(refusal(words))
  })
})

describe('what is written', () => {
  const full = readProfile({
    name: 'owner/full',
    aliases: ['yes', '1e3'],
    engine: 'command',
    command: ['my-server', '--port', '${port}', '--say', 'it: "is" #1'],
    model: '/srv/models/x',
    arguments: ['--flag', '-1'],
    environment: { A: 'true', B: '' },
    defaults: { temperature: 0.5, stop: ['\n', 'ü'], chat_template_kwargs: { a: [1, null] } },
    force: { seed: 1 },
    idle: 90_000,
    memory: 1536 * 1024 ** 2,
    context: 4096,
    concurrency: 3,
    pinned: true,
    preload: true,
  })
  const small = readProfile({ name: 'small', model: 'owner/model', idle: 0 })

  test('is read as the same', () => {
    const file = read(writeProfilesFile([full, small], []))
    expect(file.form === 'mlx-gateway' && file.profiles.map(readProfile)).toEqual([full, small])
  })

  test('is what a person would write: no defaults, amounts with their units', () => {
    expect(writeProfilesFile([small], [])).toBe('profiles:\n  - name: small\n    model: owner/model\n    idle: 0\n')
    const text = writeProfilesFile([full], [])
    expect(text).toContain('idle: 90s\n')
    expect(text).toContain('memory: 1536MB\n')
    expect(text).not.toContain('revision')
  })

  test('says which are missing from it', () => {
    const text = writeProfilesFile([small], ['Profile "x" cannot be used as it was saved:\nreplace it'])
    expect(text).toMatch(/^# ?Left out:\n# ?Profile "x" .*\n# ?replace it\n/)
    expect(read(text)).toMatchObject({ profiles: [{ name: 'small' }] })
    expect(read(writeProfilesFile([], []))).toMatchObject({ profiles: [] })
  })
})
