import { describe, expect, test } from 'vitest'
import { codeOf, requestOf, usual } from '../../../../admin-ui/src/pages/playground/chat-request.ts'
import { noAnswer } from '../../../../admin-ui/src/pages/playground/conversation.ts'

const asked = { question: 'And Norway’s?', images: [] }
const turn = {
  question: 'France’s capital?',
  images: [],
  answer: { ...noAnswer, text: 'Paris.', state: 'done' as const },
}

describe('a question', () => {
  test('brings along what was said before, and leaves to the profile what was left empty', () => {
    expect(requestOf('coder', usual, [turn], asked)).toEqual({
      model: 'coder',
      messages: [
        { role: 'user', content: 'France’s capital?' },
        { role: 'assistant', content: 'Paris.' },
        { role: 'user', content: 'And Norway’s?' },
      ],
    })
    expect(
      requestOf('coder', { system: 'Be brief.', temperature: 0, topP: 0.9, maxTokens: 50 }, [], asked),
    ).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
      temperature: 0,
      top_p: 0.9,
      max_tokens: 50,
    })
  })

  test('leaves out one that was never answered', () => {
    const lost = { ...turn, answer: noAnswer }
    expect(requestOf('coder', usual, [lost], asked).messages).toHaveLength(1)
  })

  test('shows images as parts of the message', () => {
    const [message] = requestOf('eyes', usual, [], {
      question: 'What is it?',
      images: ['data:image/png;base64,AA=='],
    }).messages
    expect(message?.content).toEqual([
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
    ])
  })

  test('copied as curl survives a shell whatever was asked', () => {
    const code = codeOf(
      'curl',
      requestOf('coder', usual, [], { question: "it's", images: [] }),
      'http://127.0.0.1:8090',
    )
    expect(code).toContain(String.raw`it'\''s`)
    expect(code).not.toMatch(/mlx_gateway_session/)
  })
})
