import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readProfile, readProfilesFile } from '../../../src/config/config.ts'
import { openHouse } from '../../fixtures/gateway/house.ts'
import { quickStart } from '../../fixtures/quick-start.ts'
import { temporaryFolder, writeModel } from '../../unit/catalog/model-folder.ts'
import { openHouse as openBare } from '../../unit/api/house.ts'

const any = { engine: 'command', command: ['my-server', '--port', '${port}'] }
const swap = readFileSync(new URL('../../fixtures/llama-swap/config.yaml', import.meta.url), 'utf8')

interface Imported {
  readonly form: string
  readonly notes: readonly string[]
  readonly profiles: readonly {
    readonly name: string
    readonly action: string
    readonly settings: Record<string, unknown> | null
    readonly problems: readonly string[]
    readonly notes: readonly string[]
  }[]
}

async function open(file = '') {
  const house = await openBare({ file })
  return {
    ...house,
    async importing(yaml: string, more: object = {}): Promise<Imported> {
      const { status, body } = await house.tell('POST', '/profiles/import', { yaml, ...more })
      if (status !== 200) throw new Error(JSON.stringify(body))
      return body as Imported
    },
    async exported(): Promise<string> {
      return (await house.ask('GET', '/profiles/export')).text()
    },
    async names(): Promise<readonly string[]> {
      const { body } = await house.tell('GET', '/profiles')
      const { profiles } = body as { profiles: readonly { name: string; origin: string }[] }
      return profiles.filter(({ origin }) => origin === 'store').map(({ name }) => name)
    },
  }
}

const actions = ({ profiles }: Imported) => profiles.map(({ name, action }) => `${action} ${name}`)

describe('exported profiles', () => {
  test('are those that were made here, as a file to keep', async () => {
    await using house = await open(`profiles: [{ name: of-file, model: /m }]`)
    await house.tell('POST', '/profiles', { name: 'mine', ...any, idle: '5m', environment: { A: 'b' } })
    const answer = await house.ask('GET', '/profiles/export')
    expect(answer.headers.get('content-type')).toBe('application/yaml; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toContain('.yaml')
    const file = readProfilesFile(await answer.text(), '/')
    const profiles = file.form === 'mlx-gateway' ? file.profiles : []
    expect(profiles.map(readProfile)).toEqual([
      readProfile({ name: 'mine', ...any, idle: '5m', environment: { A: 'b' } }),
    ])
  })

  test('make the same profiles in another house', async () => {
    await using first = await open()
    await using second = await open()
    for (const name of ['a', 'b']) await first.tell('POST', '/profiles', { name, aliases: [`${name}1`], ...any })
    const text = await first.exported()
    expect(actions(await second.importing(text))).toEqual(['create a', 'create b'])
    expect(await second.exported()).toBe(text)
    expect(actions(await second.importing(text))).toEqual(['replace a', 'replace b'])
  })
})

describe('an import', () => {
  const file = [
    { name: 'new', aliases: ['n'], ...any },
    { name: 'mine', model: '/m' },
    { name: 'of-file', model: '/m' },
    { name: 'broken', model: 7, idle: 'soon' },
    { name: 'late', aliases: ['n'], model: '/m' },
    { name: 'new', model: '/m' },
    { name: 'smollm2-135m-instruct', model: '/m' },
    'no profile',
  ]
  const yaml = JSON.stringify({ profiles: file, server: { port: 1 } })

  test('first says what it would do, and does just that when it is meant', async () => {
    await using house = await open(`profiles: [{ name: of-file, model: /m }]`)
    await house.tell('POST', '/profiles', { name: 'mine', ...any })
    const dry = await house.importing(yaml, { dryRun: true })
    expect(actions(dry)).toEqual([
      'create new',
      'replace mine',
      'skip of-file',
      'skip broken',
      'skip late',
      'skip new',
      'create smollm2-135m-instruct',
      'skip profiles[7]',
    ])
    expect(dry.notes).toEqual([expect.stringContaining('not: server')])
    expect(dry.profiles[2]).toMatchObject({ problems: [expect.stringContaining('of the configuration file')] })
    expect(dry.profiles[3]).toMatchObject({
      settings: null,
      problems: [expect.stringMatching(/^model: /), expect.stringMatching(/^idle: /)],
    })
    expect(dry.profiles[4]).toMatchObject({ problems: ['"n" already belongs to profile "new".'] })
    expect(dry.profiles[1]).toMatchObject({ problems: [], notes: [expect.stringContaining('/m')] })
    expect(await house.names()).toEqual(['mine'])

    expect(await house.importing(yaml)).toEqual(dry)
    expect(await house.names()).toEqual(['mine', 'new', 'smollm2-135m-instruct'])
    expect(await house.tell('GET', '/profiles/mine')).toMatchObject({ body: { model: '/m', engine: 'mlx-lm' } })
  })

  test('may take only some', async () => {
    await using house = await open()
    expect(actions(await house.importing(yaml, { only: ['mine'] }))).toEqual(['create mine'])
    expect(await house.names()).toEqual(['mine'])
  })

  test('knows what the home directory is', async () => {
    await using house = await open()
    const { profiles } = await house.importing('{ name: a, model: ~/models/x }', { dryRun: true })
    expect(profiles[0]?.settings).toMatchObject({ model: join(house.path, 'models/x') })
  })

  test('refuses as a whole what it cannot read', async () => {
    await using house = await open()
    const bomb = Array.from({ length: 9 }, (_, at) => `- &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]`)
    for (const bad of ['a: [', 'hello', ['- &a0 [x]', ...bomb].join('\n'), `[${'['.repeat(99_000)}`]) {
      expect(await house.tell('POST', '/profiles/import', { yaml: bad })).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_request', param: 'yaml' } },
      })
    }
    expect(await house.names()).toEqual([])
  })
})

describe('a llama-swap file', () => {
  test('gives profiles for the MLX servers in it, and says why the rest is skipped', async () => {
    await using house = await open()
    const imported = await house.importing(swap, { dryRun: true })
    expect(imported.form).toBe('llama-swap')
    expect(actions(imported)).toEqual([
      'create qwen3-4b',
      'create coder',
      'create module',
      'create eyes',
      'create vllm',
      'create openai',
      'skip gguf',
      'skip docker',
      'skip far',
      'skip lost',
      'skip quoted',
      'skip no command',
    ])
    const settings = Object.fromEntries(imported.profiles.map((profile) => [profile.name, profile.settings]))
    expect(settings['qwen3-4b']).toEqual(
      readProfile({
        name: 'qwen3-4b',
        aliases: ['gpt-4o-mini', 'qwen'],
        model: 'mlx-community/Qwen3-4B-4bit',
        defaults: { temperature: 0.7, top_p: 0.9, max_tokens: 2048 },
        force: { temperature: 0.6, top_k: 20 },
        arguments: ['--prompt-cache-size', '2', '--chat-template-args', '{"enable_thinking": false}'],
        environment: { MLX_MAX_OPS_PER_BUFFER: '2', NOTE: 'a=b' },
        idle: '60s',
        concurrency: 4,
        preload: true,
      }),
    )
    expect(settings['coder']).toMatchObject({
      model: join(house.path, 'models/coder'),
      adapter: join(house.path, 'models/lora'),
      draftModel: join(house.path, 'models/draft'),
      defaults: { max_tokens: 32768 },
      arguments: ['--log-level', 'DEBUG'],
      concurrency: 2,
      pinned: true,
    })
    expect(settings['module']).toMatchObject({ model: '/srv/models/module', environment: { HF_HUB_OFFLINE: '1' } })
    expect(settings['module']).not.toHaveProperty('servedModel')
    expect(settings['eyes']).toMatchObject({
      engine: 'command',
      command: ['mlx_vlm.server', '--model', '${model}', '--host', '127.0.0.1', '--port', '${port}'],
      model: 'mlx-community/Qwen2.5-VL-3B-4bit',
    })
    expect(settings['eyes']).not.toHaveProperty('servedModel')
    expect(settings['openai']).toMatchObject({ servedModel: 'q' })
    const problems = Object.fromEntries(imported.profiles.map((profile) => [profile.name, profile.problems.join(' ')]))
    expect(problems['gguf']).toContain('It runs llama-server')
    expect(problems['gguf']).toContain('GGUF')
    expect(JSON.stringify(imported)).not.toContain('sk-hidden')
    expect(await house.names()).toEqual([])
  })

  test('gives profiles that are known to be there at once, and run', async () => {
    const folder = temporaryFolder()
    writeModel(join(folder, 'tiny'))
    await using house = await openHouse([{ name: 'first' }], { models: { folders: [folder] } })
    const environment = Object.entries(quickStart).map(([name, value]) => `${name}=${value}`)
    const cmd = 'mlx_lm.server --model tiny --port ${PORT} --temp 0 --max-tokens 5'
    const models = { small: { cmd, env: environment, aliases: ['s'] } }
    const { profiles } = await house.admin('POST', '/profiles/import', { yaml: JSON.stringify({ models }) })
    expect(profiles).toEqual([expect.objectContaining({ name: 'small', action: 'create', problems: [], notes: [] })])
    expect(await house.admin('GET', '/profiles/small')).toMatchObject({ available: true })
    expect(await house.admin('POST', '/profiles/small/test')).toMatchObject({ answer: expect.stringMatching(/./) })
  })
})

test('a profile that an import replaces has its server stopped, where that would have to be another', async () => {
  const folder = temporaryFolder()
  for (const name of ['one', 'other']) writeModel(join(folder, name))
  await using house = await openHouse([], { models: { folders: [folder] } })
  const settings = { name: 'a', model: 'one', memory: '50MB', environment: quickStart }
  await house.admin('POST', '/profiles', settings)
  await house.warm('a')
  const load = (changed: object) =>
    house.admin('POST', '/profiles/import', { yaml: JSON.stringify([{ ...settings, ...changed }]) })
  await load({ idle: '1h' })
  expect(await house.server('a')).toMatchObject({ state: 'ready' })
  const stopped = house.next('server.stopped', 'a')
  await load({ model: 'other' })
  await stopped
})
