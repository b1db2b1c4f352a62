import { describe, expect, it } from 'vitest'
import { factsOf, remoteFacts, type ModelParts } from '../../../src/catalog/facts.ts'
import type { Tensor } from '../../../src/catalog/safetensors.ts'
import { tinyConfig } from './model-folder.ts'

const tensor = (name: string, dtype: string, bytes: number, shape: readonly number[] = [bytes]): Tensor => ({
  name,
  dtype,
  shape,
  bytes,
})

function read(parts: Partial<ModelParts> = {}) {
  return factsOf({
    config: tinyConfig,
    tokenizerConfig: {},
    tensors: [tensor('model.norm.weight', 'BF16', 128)],
    chatTemplate: '{{ messages }}',
    fileNames: ['tokenizer.json'],
    ...parts,
  })
}

describe('the weights', () => {
  it('are the sum of all tensors', () => {
    expect(read({ tensors: [tensor('a', 'U32', 100), tensor('b', 'F16', 20)] }).weightsBytes).toBe(120)
  })

  it.each([
    ['the bits MLX wrote', { quantization: { bits: 4, group_size: 64 } }, '4-bit'],
    ['mixed, with a layer of other bits', { quantization: { bits: 4, lm_head: { bits: 8 } } }, 'mixed'],
    ['the bits, with a layer of the same bits', { quantization: { bits: 4, lm_head: { bits: 4 } } }, '4-bit'],
    ['another tool’s method without bits', { quantization_config: { quant_method: 'fp8' } }, 'fp8'],
    ['the dtype', {}, 'bfloat16'],
  ])('are quantised as told: %s', (_, more, expected) => {
    expect(read({ config: { ...tinyConfig, ...more } }).quantization).toBe(expected)
  })

  it('in float32 double the cache', () => {
    const whole = read({ tensors: [tensor('a', 'F32', 100), tensor('b', 'F16', 20)] })
    expect(whole.kv.full).toBe(2 * read().kv.full)
  })

  it('stand in for a cache of unknown shape', () => {
    const { kv } = read({ config: { model_type: 'new' }, tensors: [tensor('a', 'F16', 800)] })
    expect(kv).toEqual({ constant: 100, full: 0, windowed: 0, window: 0 })
  })
})

describe('the sizes', () => {
  it('come from the text part of a vision model', () => {
    const config = { model_type: 'qwen3_vl', text_config: { vocab_size: 151_936, max_position_embeddings: 262_144 } }
    expect(read({ config })).toMatchObject({ modelType: 'qwen3_vl', vocabSize: 151_936, contextLength: 262_144 })
  })

  it('take the vocabulary from the embedding where the config is silent', () => {
    const tensors = [tensor('language_model.model.embed_tokens.weight', 'U32', 64, [262_208, 8])]
    expect(read({ config: { model_type: 'gemma3', text_config: {} }, tensors }).vocabSize).toBe(262_208)
  })
})

describe('what a model can do', () => {
  it('is chat only with a template, and tools only where the template knows them', () => {
    expect(read({ chatTemplate: undefined }).capabilities).toEqual(['completion'])
    expect(read().capabilities).toEqual(['chat', 'completion'])
    expect(read({ chatTemplate: '{% if tools %}' }).capabilities).toEqual(['chat', 'completion', 'tools'])
  })

  it('is vision where there is a vision part', () => {
    expect(read({ config: { ...tinyConfig, vision_config: {} } }).capabilities).toContain('vision')
  })

  it.each([
    ['by type', { config: { model_type: 'modernbert', architectures: ['ModernBertForMaskedLM'] } }],
    ['by architecture', { config: { model_type: 'qwen2', architectures: ['Qwen2Model'] } }],
    ['by sentence-transformers’ file', { fileNames: ['modules.json', 'tokenizer.json'] }],
  ])('is embedding and nothing else for an encoder known %s', (_, parts) => {
    expect(read(parts).capabilities).toEqual(['embedding'])
  })

  it.each([
    ['for a speech model', { config: { ...tinyConfig, model_type: 'whisper' } }],
    ['without a tokenizer', { fileNames: ['model.safetensors'] }],
  ])('is nothing %s', (_, parts) => {
    expect(read(parts).capabilities).toEqual([])
  })

  it.each([
    ['config.json', { config: { ...tinyConfig, auto_map: { AutoModel: 'x.py' } } }],
    ['a model file', { config: { ...tinyConfig, model_file: 'x.py' } }],
    ['tokenizer_config.json', { tokenizerConfig: { auto_map: {} } }],
  ])('may need code of its own, by %s', (_, parts) => {
    expect(read(parts).remoteCode).toBe(true)
    expect(read().remoteCode).toBe(false)
  })
})

describe('a model that is not here', () => {
  it.each([
    ['quantised', { quantization: { bits: 4, group_size: 64 }, torch_dtype: 'bfloat16' }, 'BF16'],
    ['plain', { dtype: 'float16' }, 'F16'],
    ['of float32', { torch_dtype: 'float32' }, 'F32'],
  ])('is told the same of as one that is: %s', (_, more, dtype) => {
    const config = { ...tinyConfig, ...more }
    const { capabilities: _capabilities, ...local } = read({ config, tensors: [tensor('a', dtype, 1000)] })
    expect(remoteFacts(config, 1000)).toEqual(local)
  })

  it('may name its dtype in its text part, and want to run code', () => {
    const config = { model_type: 'x', auto_map: {}, text_config: { dtype: 'bfloat16', vocab_size: 7 } }
    expect(remoteFacts(config, 800)).toMatchObject({ quantization: 'bfloat16', vocabSize: 7, remoteCode: true })
  })

  it.each([undefined, null, 7, 'x', [], { text_config: 7, dtype: '<script>', num_hidden_layers: 1e9 }])(
    'is taken for unknown where its configuration is none: %j',
    (config) => {
      expect(remoteFacts(config, 800)).toMatchObject({
        modelType: 'unknown',
        quantization: 'unknown',
        contextLength: undefined,
        kv: { constant: 100 },
      })
    },
  )
})
