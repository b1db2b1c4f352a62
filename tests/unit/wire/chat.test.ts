import { describe, expect, test } from 'vitest'
import { chatCompletion, chatCompletionChunk } from '../../../src/wire/openai.ts'

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, prompt_tokens_details: { cached_tokens: 0 } }
const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }
const message = { role: 'assistant', content: 'Hi', refusal: null }
const choice = { index: 0, finish_reason: 'stop', logprobs: null, message }
const whole = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'small', choices: [choice], usage }

/** The whole answer with its one choice, or that choice's message, changed. */
const withChoice = (change: object) => ({ ...whole, choices: [{ ...choice, ...change }] })
const withMessage = (change: object) => withChoice({ message: { ...message, ...change } })

describe('a chat completion', () => {
  test.each([
    ['plain text', whole],
    ['no usage', { ...whole, usage: undefined }],
    ['a tool call beside no content', withMessage({ content: null, tool_calls: [call] })],
    ['reasoning under both names', withMessage({ reasoning: 'hm', reasoning_content: 'hm' })],
    [
      'log probabilities',
      withChoice({
        logprobs: {
          content: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }],
          refusal: null,
        },
      }),
    ],
  ])('is accepted with %s', (_, body) => {
    expect(chatCompletion.safeParse(body).error).toBeUndefined()
  })

  test.each([
    ['the object of a chunk', { ...whole, object: 'chat.completion.chunk' }],
    ['no created', { ...whole, created: undefined }],
    ['a fractional created', { ...whole, created: 1.5 }],
    ['no choices', { ...whole, choices: undefined }],
    ['a choice without logprobs', withChoice({ logprobs: undefined })],
    ['a choice without finish reason', withChoice({ finish_reason: null })],
    ['a finish reason of its own', withChoice({ finish_reason: 'eos' })],
    ['a message without refusal', withMessage({ refusal: undefined })],
    ['a message without content', withMessage({ content: undefined })],
    ['an empty list of tool calls', withMessage({ tool_calls: [] })],
    ['arguments that are no text', withMessage({ tool_calls: [{ ...call, function: { name: 'f', arguments: {} } }] })],
    ['an index in a whole tool call', withMessage({ tool_calls: [{ ...call, index: 0 }] })],
    ['a field nobody documented', { ...whole, backend: 'mlx' }],
    ['a stray field in the usage', { ...whole, usage: { ...usage, tokens_per_second: 9 } }],
    [
      'log probabilities as mlx_lm writes them',
      withChoice({ logprobs: { content: [{ id: 1, token: 'Hi', logprob: 0 }] } }),
    ],
  ])('is refused with %s', (_, body) => {
    expect(chatCompletion.safeParse(body).success).toBe(false)
  })
})

const event = { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null, logprobs: null }
const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'small', choices: [event] }
const withDelta = (delta: object) => ({ ...chunk, choices: [{ ...event, delta }] })

describe('a chat completion chunk', () => {
  test.each([
    ['text', chunk],
    ['an empty delta and a finish reason', { ...chunk, choices: [{ ...event, delta: {}, finish_reason: 'length' }] }],
    ['usage null before the end', { ...chunk, usage: null }],
    ['usage and no choices at the end', { ...chunk, choices: [], usage }],
    ['the start of a tool call', withDelta({ tool_calls: [{ index: 0, ...call }] })],
    ['more arguments of a tool call', withDelta({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] })],
    ['reasoning under both names', withDelta({ reasoning: 'hm', reasoning_content: 'hm' })],
  ])('is accepted with %s', (_, body) => {
    expect(chatCompletionChunk.safeParse(body).error).toBeUndefined()
  })

  test.each([
    ['the object of a whole answer, as mlx_lm writes beside usage', { ...chunk, object: 'chat.completion' }],
    ['no finish reason', { ...chunk, choices: [{ ...event, finish_reason: undefined }] }],
    ['no delta', { ...chunk, choices: [{ ...event, delta: undefined }] }],
    ['a message in place of a delta', { ...chunk, choices: [{ ...event, message }] }],
    ['a tool call without index', withDelta({ tool_calls: [call] })],
    ['an error beside the choices', { ...chunk, error: 'no' }],
  ])('is refused with %s', (_, body) => {
    expect(chatCompletionChunk.safeParse(body).success).toBe(false)
  })
})
