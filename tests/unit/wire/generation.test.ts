import { expect, test } from 'vitest'
import { readErrorText, readGenerated } from '../../../src/wire/generation.ts'

test('reads a chunk, a whole answer and a text completion alike', () => {
  expect(readGenerated({ choices: [{ delta: { content: 'a' } }] }).text).toBe('a')
  expect(readGenerated({ choices: [{ message: { content: 'a' }, finish_reason: 'length' }] })).toMatchObject({
    text: 'a',
    finish: 'length',
  })
  expect(readGenerated({ choices: [{ text: 'a', finish_reason: 'stop' }] })).toMatchObject({
    text: 'a',
    finish: 'stop',
  })
})

test('reads reasoning under either name, and only once where both are given', () => {
  expect(readGenerated({ choices: [{ delta: { reasoning: 'r' } }] }).reasoning).toBe('r')
  expect(readGenerated({ choices: [{ delta: { reasoning: 'r', reasoning_content: 'r' } }] }).reasoning).toBe('r')
})

const call = (fields: object) => readGenerated({ choices: [{ delta: { tool_calls: [fields as never] } }] }).toolCalls[0]

test('reads tool calls whole, in pieces, and with an object for arguments', () => {
  expect(call({ id: 'a', function: { name: 'f', arguments: '{"x":1}' } })).toEqual({
    index: 0,
    id: 'a',
    name: 'f',
    arguments: '{"x":1}',
  })
  expect(call({ index: 2, function: { arguments: '1}' } })).toEqual({
    index: 2,
    id: undefined,
    name: undefined,
    arguments: '1}',
  })
  expect(call({ function: { name: 'f', arguments: { x: 1 } } })?.arguments).toBe('{"x":1}')
})

test('reads usage, and nothing from numbers that are none', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } }
  expect(readGenerated({ choices: [], usage }).usage).toEqual({ promptTokens: 3, completionTokens: 2, cachedTokens: 1 })
  expect(readGenerated({ choices: [], usage: { prompt_tokens: -1, completion_tokens: 'x' } }).usage).toEqual({
    promptTokens: 0,
    completionTokens: 0,
    cachedTokens: undefined,
  })
})

test.each([
  ['stop', 'stop'],
  ['function_call', 'tool_calls'],
  ['eos_token', 'stop'],
])('a finish reason of %s counts as %s', (given, read) => {
  expect(readGenerated({ choices: [{ delta: {}, finish_reason: given }] }).finish).toBe(read)
})

test.each([
  [{ error: 'text' }, 'text'],
  [{ error: { message: 'text', code: 5 } }, 'text'],
  [{ detail: 'text' }, 'text'],
  [{ detail: { error: { message: 'text' } } }, 'text'],
  [{ detail: [{ loc: ['body'] }] }, '[{"loc":["body"]}]'],
  [{}, 'no reason given'],
])('finds the words of an error in %j', (body, words) => {
  expect(readErrorText(body)).toBe(words)
})

test('strange shapes are read as nothing said', () => {
  for (const event of [{}, { choices: null }, { choices: [] }, { choices: ['x'] }, { choices: [{ delta: 'x' }] }]) {
    expect(readGenerated(event as never)).toMatchObject({ text: '', reasoning: '', toolCalls: [], finish: undefined })
  }
})
