import { describe, expect, test } from 'vitest'
import { explain } from '../../../../admin-ui/src/pages/requests/explain.ts'
import { row } from '../request.ts'

describe('why a request took as long as it did', () => {
  test('is told phase by phase, in words', () => {
    const request = row({
      queueMs: 3_100,
      waitedFor: ['phi', 'glm'],
      loadMs: 21_000,
      prefillMs: 40_000,
      promptTokens: 12_408,
      cachedTokens: 400,
      decodeMs: 10_000,
      completionTokens: 380,
    })
    expect(explain(request)).toEqual([
      'Waited 3.1 s because phi and glm were busy.',
      'Loading coder took 21 s.',
      'Reading the prompt of 12,408 tokens, 400 of them known already, took 40 s.',
      'Answered with 380 tokens in 10 s, 38 tokens/s.',
    ])
  })

  test('names a full server of its own model', () => {
    expect(explain(row({ queueMs: 900, waitedFor: ['coder'] }))).toEqual([
      'Waited 0.9 s because every place on coder was taken.',
    ])
  })

  test('leaves out what nobody notices', () => {
    expect(explain(row({ queueMs: 2, prefillMs: 30 }))).toEqual([])
  })

  test.each([
    ['client_left', 'The client left before the end.'],
    ['queue_full', 'It was refused: the queue was full.'],
    ['something_new', 'It ended with something new.'],
  ])('says how it ended: %s', (error, words) => {
    expect(explain(row({ error }))).toEqual([words])
  })

  test('says where an answer was cut', () => {
    expect(explain(row({ finishReason: 'length' }))).toEqual(['It stopped at the limit of tokens.'])
  })
})
