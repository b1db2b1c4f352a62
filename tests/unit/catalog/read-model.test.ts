import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readModelFolder, type Identity } from '../../../src/catalog/read-model.ts'
import { safetensors, temporaryFolder, tinyConfig, tinyWeights, writeFiles, writeModel } from './model-folder.ts'

const identity: Identity = { id: 'owner/tiny', source: 'folder' }
const shard = safetensors({ w: { dtype: 'F16', shape: [4], bytes: 8 } })

async function reasonFor(folder: string, roots?: readonly string[]): Promise<string> {
  const error: unknown = await readModelFolder(folder, identity, roots).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'model_load_failed' })
  return error instanceof Error ? error.message : ''
}

describe('a whole model folder', () => {
  it('is read: identity, real path and facts', async () => {
    const folder = writeModel(join(temporaryFolder(), 'tiny'))
    const link = `${folder}-link`
    symlinkSync(folder, link)
    expect(await readModelFolder(link, identity)).toEqual({
      id: 'owner/tiny',
      source: 'folder',
      path: folder,
      facts: {
        modelType: 'llama',
        weightsBytes: 1164,
        quantization: 'float16',
        contextLength: 2048,
        vocabSize: 259,
        kv: expect.objectContaining({ full: 2 * 2 * 2 * 16 * 2 }),
        capabilities: ['chat', 'completion'],
        remoteCode: false,
      },
    })
  })

  it('may have its weights in shards that an index lists', async () => {
    const weight_map = { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' }
    const folder = writeFiles(temporaryFolder(), {
      'config.json': tinyConfig,
      'model.safetensors.index.json': { weight_map },
      'model-00001-of-00002.safetensors': shard,
      'model-00002-of-00002.safetensors': shard,
    })
    expect((await readModelFolder(folder, identity)).facts.weightsBytes).toBe(16)
  })

  it.each([
    ['chat_template.jinja', { 'chat_template.jinja': '{{ tools }}', 'tokenizer_config.json': {} }],
    ['chat_template.json', { 'chat_template.json': { chat_template: '{{ tools }}' }, 'tokenizer_config.json': {} }],
    ['a list of templates', { 'tokenizer_config.json': { chat_template: [{ name: 't', template: '{{ tools }}' }] } }],
  ])('may have its chat template in %s', async (_, files) => {
    const { facts } = await readModelFolder(writeModel(temporaryFolder(), files), identity)
    expect(facts.capabilities).toEqual(['chat', 'completion', 'tools'])
  })
})

describe('a folder that is not whole says what is wrong', () => {
  it('no such folder', async () => {
    const path = join(temporaryFolder(), 'gone')
    expect(await reasonFor(path)).toBe(`Model "owner/tiny" cannot be loaded: there is no folder ${path}.`)
  })

  it.each([
    ['no config.json', { 'model.safetensors': tinyWeights }, 'config.json is missing'],
    ['a config.json that is not JSON', { 'config.json': '{' }, 'config.json is not JSON'],
    ['a config.json that is no object', { 'config.json': '[]' }, 'config.json is not a JSON object'],
    ['no weights', { 'config.json': tinyConfig }, 'no model*.safetensors'],
    ['weights of another format', { 'config.json': tinyConfig, 'model.gguf': 'GGUF' }, 'no model*.safetensors'],
    [
      'weights cut short',
      { 'config.json': tinyConfig, 'model.safetensors': tinyWeights.subarray(0, -1) },
      'model.safetensors cannot be used: it is cut short',
    ],
    [
      'a shard that the index lists and is not there',
      {
        'config.json': tinyConfig,
        'model.safetensors': shard,
        'model.safetensors.index.json': { weight_map: { a: 'model.safetensors', b: 'model-b.safetensors' } },
      },
      '1 of its weight files are missing, the first is model-b.safetensors',
    ],
    [
      'a shard that the others’ numbers promise',
      { 'config.json': tinyConfig, 'model-00001-of-00003.safetensors': shard },
      '2 of its weight files are missing, the first is model-00002-of-00003.safetensors',
    ],
  ])('%s', async (_, files, reason) => {
    expect(await reasonFor(writeFiles(temporaryFolder(), files))).toContain(reason)
  })

  it('a file whose link leads nowhere', async () => {
    const folder = writeModel(temporaryFolder())
    rmSync(join(folder, 'tokenizer.json'))
    symlinkSync('nowhere', join(folder, 'tokenizer.json'))
    expect(await reasonFor(folder)).toContain('tokenizer.json is missing')
  })
})

describe('the roots', () => {
  it('hold a folder that lies outside them away', async () => {
    const home = temporaryFolder()
    const outside = writeModel(join(home, 'outside'))
    const link = join(writeFiles(join(home, 'models'), {}), 'link')
    symlinkSync(outside, link)
    expect(await reasonFor(link, [join(home, 'models')])).toContain('lies outside the model folders')
    expect(await reasonFor(join(home, 'models', '..', 'outside'), [join(home, 'models')])).toContain('lies outside')
  })

  it('are not a mere beginning of the path', async () => {
    const home = temporaryFolder()
    const neighbour = writeModel(join(home, 'models-private'))
    expect(await reasonFor(neighbour, [join(home, 'models')])).toContain('lies outside the model folders')
  })

  it('hold a file that is linked from outside away', async () => {
    const home = temporaryFolder()
    writeFiles(home, { 'secret.json': { model_type: 'llama' } })
    const folder = writeModel(join(home, 'models', 'm'))
    rmSync(join(folder, 'config.json'))
    symlinkSync(join(home, 'secret.json'), join(folder, 'config.json'))
    expect(await reasonFor(folder, [join(home, 'models')])).toContain('config.json is a link that leads out')
    expect((await readModelFolder(folder, identity)).id).toBe('owner/tiny')
  })
})
