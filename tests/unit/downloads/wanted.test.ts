import { describe, expect, test } from 'vitest'
import { hasWeights, isNeeded } from '../../../src/downloads/wanted.ts'

describe('of a repository', () => {
  test.each([
    ['config.json'],
    ['model.safetensors'],
    ['model-00001-of-00002.safetensors'],
    ['model.safetensors.index.json'],
    ['tokenizer.model'],
    ['chat_template.jinja'],
    ['merges.txt'],
    ['modeling_own.py'],
    ['1_Pooling/config.json'],
  ])('%s is needed', (path) => {
    expect(isNeeded(path)).toBe(true)
  })

  test.each([
    ['README.md'],
    ['.gitattributes'],
    ['pytorch_model.bin'],
    ['consolidated.safetensors'],
    ['model-q4_k_m.gguf'],
    ['onnx/model.json'],
    ['original/params.json'],
    ['parts/model.safetensors'],
  ])('%s is left where it is', (path) => {
    expect(isNeeded(path)).toBe(false)
  })

  test('there is a model only with weights and a configuration', () => {
    expect(hasWeights(['config.json', 'model-00001-of-00002.safetensors'])).toBe(true)
    expect(hasWeights(['config.json', 'tokenizer.json'])).toBe(false)
    expect(hasWeights(['model.safetensors'])).toBe(false)
  })
})
