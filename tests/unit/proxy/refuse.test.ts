import { expect, test } from 'vitest'
import { refuse } from '../../../src/proxy/refuse.ts'

const vocabulary = 320

test.each<[string, object]>([
  ['stop', { stop: 5 }],
  ['stop', { stop: { a: 1 } }],
  ['stop[1]', { stop: ['a', 7] }],
  ['stop[0]', { stop: [null] }],
  ['logit_bias', { logit_bias: [1] }],
  ['logit_bias.320', { logit_bias: { 320: 1 } }],
  ['logit_bias.-1', { logit_bias: { '-1': 1 } }],
  ['logit_bias.99999999999999999999', { logit_bias: { '99999999999999999999': 1 } }],
  ['logit_bias.x', { logit_bias: { x: 1 } }],
  ['logit_bias.5', { logit_bias: { 5: null } }],
  ['logit_bias.5', { logit_bias: { 5: Infinity } }],
  ['top_k', { top_k: vocabulary }],
  ['top_k', { top_k: 1.5 }],
  ['xtc_threshold', { xtc_threshold: 0.6, xtc_probability: 1 }],
  ['seed', { seed: -1 }],
  ['seed', { seed: 2 ** 64 }],
  ['temperature', { temperature: Infinity }],
  ['temperature', { temperature: -1 }],
  ['temperature', { temperature: '1' }],
  ['top_p', { top_p: 2 }],
  ['presence_penalty', { presence_penalty: Infinity }],
  ['frequency_penalty', { frequency_penalty: true }],
  ['max_tokens', { max_tokens: 0 }],
  ['max_completion_tokens', { max_completion_tokens: 1.5 }],
  ['n', { n: 0 }],
  ['top_logprobs', { top_logprobs: -1 }],
  ['tools', { tools: {} }],
  ['messages', { messages: 'hi' }],
  ['chat_template_kwargs', { chat_template_kwargs: 'x' }],
])('%s in %j is refused by name', (param, body) => {
  expect(() => refuse(body as never, vocabulary)).toThrow(expect.objectContaining({ code: 'invalid_request', param }))
})

test.each<[object]>([
  [{ temperature: 0, top_p: 1, seed: 0, max_tokens: 1, n: 1 }],
  [{ temperature: null, stop: null, logit_bias: null, seed: null }],
  [{ stop: 'a' }],
  [{ stop: ['a', ''] }],
  [{ logit_bias: { 0: -100, 319: 100 } }],
  [{ top_k: vocabulary - 1 }],
  [{ top_k: 0 }],
  [{ store: true, metadata: { a: 1 }, service_tier: 'auto' }],
])('%j is fine', (body) => {
  expect(() => refuse(body as never, vocabulary)).not.toThrow()
})

test('where the vocabulary is not known, ids and top_k are still whole numbers of a sane size', () => {
  expect(() => refuse({ logit_bias: { 50000: 1 }, top_k: 50000 }, undefined)).not.toThrow()
  expect(() => refuse({ logit_bias: { '4294967296': 1 } }, undefined)).toThrow(/logit_bias/)
})
