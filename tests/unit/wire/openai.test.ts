import { describe, expect, test } from 'vitest'
import { completion, completionChunk, errorBody, model, modelList } from '../../../src/wire/openai.ts'

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
const choice = { index: 0, text: 'Hi', logprobs: null, finish_reason: 'stop' }
const text = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'small', choices: [choice], usage }
const unfinished = { ...text, choices: [{ ...choice, finish_reason: null }] }

describe('a text completion', () => {
  test('is accepted whole, with or without usage, with one choice for each prompt', () => {
    const bodies = [text, { ...text, usage: undefined }, { ...text, choices: [choice, { ...choice, index: 1 }] }]
    for (const body of bodies) expect(completion.safeParse(body).error).toBeUndefined()
  })

  test('is accepted in chunks that are not finished, and with usage alone at the end', () => {
    const events = [unfinished, { ...unfinished, usage: null }, { ...text, choices: [] }]
    for (const body of events) expect(completionChunk.safeParse(body).error).toBeUndefined()
  })

  test('is whole only with a finish reason', () => {
    expect(completion.safeParse(unfinished).success).toBe(false)
  })

  test.each([
    ['a choice without text', { ...text, choices: [{ ...choice, text: undefined }] }],
    ['a choice without logprobs', { ...text, choices: [{ ...choice, logprobs: undefined }] }],
    ['a finish reason of chat', { ...text, choices: [{ ...choice, finish_reason: 'tool_calls' }] }],
    ['the object of chat', { ...text, object: 'chat.completion' }],
    ['a field nobody documented', { ...text, backend: 'mlx' }],
  ])('is refused with %s, whole and in chunks', (_, body) => {
    expect(completion.safeParse(body).success).toBe(false)
    expect(completionChunk.safeParse(body).success).toBe(false)
  })
})

const listed = {
  id: 'small',
  object: 'model',
  created: 1,
  owned_by: 'local',
  type: 'model',
  display_name: 'small',
  created_at: '2026-01-01T00:00:00Z',
  aliases: [],
  state: 'ready',
  context_length: null,
  capabilities: ['chat'],
}
const list = { object: 'list', data: [listed], has_more: false, first_id: 'small', last_id: 'small' }

describe('a model', () => {
  test('is accepted alone and in the list', () => {
    expect(model.safeParse(listed).error).toBeUndefined()
    expect(modelList.safeParse(list).error).toBeUndefined()
  })

  test.each([
    ['no owner', { ...listed, owned_by: undefined }],
    ['no time of creation', { ...listed, created: undefined }],
    ['creation at zero, which model pickers take for none', { ...listed, created: 0 }],
    ['the path of its folder', { ...listed, path: '/models/small' }],
  ])('is refused with %s, alone and in the list', (_, body) => {
    expect(model.safeParse(body).success).toBe(false)
    expect(modelList.safeParse({ ...list, data: [body] }).success).toBe(false)
  })
})

describe('an error body', () => {
  const error = { message: 'no such model', type: 'invalid_request_error', param: null, code: 'model_not_found' }

  test('is an object with all four fields', () => {
    expect(errorBody.safeParse({ error }).error).toBeUndefined()
  })

  test.each([
    ['a string, as mlx_lm writes it', { error: 'no such model' }],
    ['no code', { error: { ...error, code: undefined } }],
    ['no param', { error: { ...error, param: undefined } }],
    ['an empty message', { error: { ...error, message: '' } }],
    ['a stack', { error: { ...error, stack: 'at …' } }],
    ['a status beside it', { error, status: 404 }],
  ])('is refused with %s', (_, body) => {
    expect(errorBody.safeParse(body).success).toBe(false)
  })
})
