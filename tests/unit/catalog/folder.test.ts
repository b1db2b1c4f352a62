import { expect, it } from 'vitest'
import { isWeights } from '../../../src/catalog/folder.ts'

it.each([
  ['model.safetensors', true],
  ['model-00001-of-00002.safetensors', true],
  ['model/part.safetensors', false],
  ['consolidated.safetensors', false],
  ['model.safetensors.index.json', false],
])('whether mlx_lm takes %s for weights: %s', (name, taken) => {
  expect(isWeights(name)).toBe(taken)
})
