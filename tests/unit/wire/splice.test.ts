import { expect, test } from 'vitest'
import { readGenerated } from '../../../src/wire/generation.ts'
import { Splicer } from '../../../src/wire/splice.ts'

const event = (text: string, extra = ''): string =>
  `{"id": "c1", "model": "m", "choices": [{"index": 0, "finish_reason": null, "delta": {"role": "assistant"${extra}, "content": "${text}"}}]}`

function learnt(from: string): Splicer {
  const splicer = new Splicer()
  splicer.learn(from, readGenerated(JSON.parse(from)))
  return splicer
}

/** Events as they stand in a stream. */
const sent = (...events: string[]): string => events.map((one) => `data: ${one}\n\n`).join('')

test('lifts the texts out of events like the one it learnt, escapes and all', () => {
  const splicer = learnt(event('Hel'))
  const escapes = String.raw`a\n\"b\" \ud83d\ude42`
  expect(splicer.texts(sent(event('lo')))).toEqual(['lo'])
  expect(splicer.texts(sent(event('lo'), event(escapes), event('')))).toEqual(['lo', escapes, ''])
})

test('has no text of one event run over into the next', () => {
  const splicer = learnt(event('Hel'))
  expect(splicer.texts(sent(event('a\\'), event('n')))).toBeUndefined()
  expect(splicer.texts(sent(event(String.raw`\u12`), event('34')))).toBeUndefined()
})

test('leaves a block to the parser in which one event is another', () => {
  const splicer = learnt(event('Hel'))
  expect(splicer.texts(sent(event('a'), event('b').replace('c1', 'c2'), event('c')))).toBeUndefined()
  expect(splicer.texts(`${sent(event('a'))}: keepalive 1/2\n\n${sent(event('b'))}`)).toBeUndefined()
})

test.each([
  ['another id', event('x').replace('c1', 'c2')],
  ['a finish reason', event('x').replace('null', '"stop"')],
  ['a second field behind the text', event('x", "tool_calls": "y')],
  ['an escaped quote at the end, which leaves the string open', event('x\\')],
  ['a control character, which JSON forbids', event('a\u0007b')],
  ['bytes past ASCII', event('ü')],
  ['an unknown escape', event(String.raw`\x41`)],
  ['the end of the stream', '[DONE]'],
])('leaves an event with %s to the parser', (_, other) => {
  expect(learnt(event('Hel')).texts(sent(other))).toBeUndefined()
})

test.each([
  ['tool calls', event('x', ', "tool_calls": [{"function": {"name": "f"}}]')],
  ['reasoning', event('x', ', "reasoning": "y"')],
  ['no text', event('')],
])('learns nothing from an event with %s', (_, from) => {
  expect(learnt(from).texts(sent(from))).toBeUndefined()
})

test('is not misled by a name that looks like the text', () => {
  const tricky = event('x').replace('"m"', String.raw`"a \"content\": \"b\""`)
  expect(learnt(tricky).texts(sent(tricky))).toBeOneOf([undefined, ['x']])
})
