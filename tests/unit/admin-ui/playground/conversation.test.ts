import { describe, expect, test } from 'vitest'
import { end, fail, noAnswer, take, tokensPerSecond } from '../../../../admin-ui/src/pages/playground/conversation.ts'

const delta = (delta: object) => ({ choices: [{ delta }] })

const call = (index: number, name?: string, text?: string) =>
  delta({
    tool_calls: [
      { index, function: { ...(name !== undefined && { name }), ...(text !== undefined && { arguments: text }) } },
    ],
  })

describe('an answer', () => {
  test('grows by each chunk, thoughts apart from words', () => {
    const chunks = [
      delta({ role: 'assistant' }),
      delta({ reasoning_content: 'Hm. ' }),
      delta({ reasoning_content: 'Paris?' }),
      delta({ content: 'Par' }),
      delta({ content: 'is' }),
    ]
    const answer = chunks.reduce((answer, chunk, index) => take(answer, chunk, 100 * (index + 1)), noAnswer)
    expect(answer).toMatchObject({ text: 'Paris', reasoning: 'Hm. Paris?', state: 'streaming', firstTokenMs: 200 })
  })

  test('puts tool calls together from their pieces', () => {
    const chunks = [call(0, 'weather', '{"city":'), call(0, undefined, '"Oslo"}'), call(1, 'time', '{}')]
    expect(chunks.reduce((answer, chunk) => take(answer, chunk, 1), noAnswer).toolCalls).toEqual([
      { name: 'weather', arguments: '{"city":"Oslo"}' },
      { name: 'time', arguments: '{}' },
    ])
  })

  test('knows its speed from the tokens after the first', () => {
    const said = take(
      take(noAnswer, delta({ content: 'a' }), 500),
      { choices: [], usage: { prompt_tokens: 7, completion_tokens: 41 } },
      1400,
    )
    expect(tokensPerSecond(said)).toBeUndefined()
    expect(tokensPerSecond(end(said, 'done', 1500))).toBe(40)
  })

  test('that broke off keeps what was said, beside the reason', () => {
    const said = take(noAnswer, delta({ content: 'Once' }), 100)
    expect(end(take(said, { error: { message: 'The server died.' } }, 200), 'done', 210)).toMatchObject({
      text: 'Once',
      state: 'failed',
      problem: 'The server died.',
    })
    expect(fail(said, 'Gone.', 300)).toMatchObject({ text: 'Once', state: 'failed', problem: 'Gone.', totalMs: 300 })
  })
})
