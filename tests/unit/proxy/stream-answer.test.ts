import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { StreamAnswer } from '../../../src/proxy/stream-answer.ts'
import { chatShape } from '../../../src/wire/chat-shape.ts'

function streamed(includeUsage = false) {
  const sent: string[] = []
  const clock = { now: 0 }
  const outgoing = {
    req: { httpVersion: '1.0' },
    writeHead: (status: number) => sent.push(`head ${status}`),
    write: (text: string) => sent.push(text) > 0,
    end: (text: string) => sent.push(text),
    setHeader: () => {},
    destroy: () => sent.push('destroyed'),
  } as unknown as ServerResponse
  const answer = new StreamAnswer(
    outgoing,
    chatShape,
    { id: 'c', created: 1, model: 'm' },
    {
      includeUsage,
      heartbeatMs: 1000,
      writeIdleMs: 3000,
      now: () => clock.now,
      refuse: (error) => sent.push(`refused ${error.code}`),
      errorBody: ({ code }) => ({ error: { code } }),
    },
  )
  return { answer, sent, clock }
}

test('who waits hears after each silence what for, and how far it is', () => {
  const { answer, sent, clock } = streamed()
  answer.waiting({ phase: 'loading', progress: { phase: 'installing', message: 'Downloading mlx', share: 0.27 } })
  answer.tick(999)
  expect(sent).toEqual([])
  clock.now = 1000
  answer.tick(1000)
  answer.waiting({ phase: 'queued', position: 3, behind: [] })
  answer.tick(1999)
  clock.now = 2000
  answer.tick(2000)
  expect(sent).toEqual(['head 200', ': installing, 27 %: Downloading mlx\n\n', ': queued, place 3\n\n'])
})

test('a comment cannot hold a line of its own, whatever an installer says', () => {
  const { answer, sent } = streamed()
  const message = 'a\n\ndata: {}\r\u001B[2K🙂'
  answer.waiting({ phase: 'loading', progress: { phase: 'loading', message, share: undefined } })
  answer.tick(1000)
  expect(sent[1]).toBe(': loading: a data: {} [2K \n\n')
})

test('a failure before anything was sent is an ordinary error, after that an event', () => {
  const early = streamed()
  early.answer.fail(new GatewayError('queue_full', 'x'))
  expect(early.sent).toEqual(['refused queue_full'])
  const late = streamed()
  late.answer.tick(1000)
  late.answer.fail(new GatewayError('server_failed', 'x'))
  expect(late.sent.at(-1)).toBe('data: {"error":{"code":"server_failed"}}\n\n')
})

test('the role is told once for each choice, usage in the last chunk alone', () => {
  const { answer, sent } = streamed(true)
  answer.delta(0, { text: 'a' })
  answer.delta(0, { text: 'b' })
  answer.delta(1, { text: 'c' })
  answer.escapedTexts(0, [String.raw`d\n`, 'e'])
  answer.flush(() => {})
  answer.end({ promptTokens: 1, completionTokens: 2, cachedTokens: 0 })
  const chunks = sent
    .join('')
    .split('\n\n')
    .filter((event) => event.includes('data: {'))
    .map((event) => JSON.parse(event.slice(event.indexOf('{'))))
  expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
    { role: 'assistant', content: 'a' },
    { content: 'b' },
    { role: 'assistant', content: 'c' },
    { content: 'd\n' },
    { content: 'e' },
    undefined,
  ])
  expect(chunks.map(({ usage }) => usage?.total_tokens ?? null)).toEqual([null, null, null, null, null, 3])
})
