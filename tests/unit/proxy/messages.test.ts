import { expect, test } from 'vitest'
import { readMessages } from '../../../src/proxy/messages.ts'
import type { JsonObject } from '../../../src/wire/json.ts'

const read = (messages: unknown, images = false) => readMessages(messages as JsonObject[], { images })
const user = { role: 'user', content: 'hi' }
const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }

test('developer speaks as system, and all system messages stand as one at the start', () => {
  const messages = [
    { role: 'developer', content: 'a' },
    { role: 'system', content: [{ type: 'text', text: 'b' }] },
    user,
    { role: 'system', content: 'c' },
  ]
  expect(read(messages)).toEqual([{ role: 'system', content: 'a\n\nb\n\nc' }, user])
})

test('consecutive user messages become one, and a conversation keeps its order', () => {
  const answer = { role: 'assistant', content: 'yes' }
  expect(read([user, { role: 'user', content: 'there' }, answer, user])).toEqual([
    { role: 'user', content: 'hi\n\nthere' },
    answer,
    user,
  ])
})

test('parts become text; null content becomes empty; nulls go', () => {
  const parts = [
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ]
  expect(read([{ role: 'user', content: parts, name: null }])).toEqual([{ role: 'user', content: 'ab' }])
  expect(read([{ role: 'tool', tool_call_id: 'x', content: parts }])).toEqual([
    { role: 'tool', tool_call_id: 'x', content: 'ab' },
  ])
  expect(read([{ role: 'assistant', content: null, refusal: null }])).toEqual([{ role: 'assistant', content: '' }])
})

test.each([
  ['{"a":1}', '{"a":1}'],
  [{ a: 1 }, '{"a":1}'],
  ['', '{}'],
  [null, '{}'],
])('tool call arguments %j are sent as %s', (given, sent) => {
  const [message] = read([
    { role: 'assistant', content: null, tool_calls: [{ id: 'c', function: { name: 'f', arguments: given } }] },
  ])
  expect(message?.['tool_calls']).toEqual([{ id: 'c', type: 'function', function: { name: 'f', arguments: sent } }])
})

const calling = (text: string) => [
  { role: 'assistant', content: '', tool_calls: [{ type: 'function', function: { name: 'f', arguments: text } }] },
]

test('tool call arguments that would parse into a lone surrogate are written anew; others stay as they are', () => {
  expect(read(calling(String.raw`{"\ud800": "\udc00", "n": 1.0}`))).toEqual(calling('{"\uFFFD":"\uFFFD","n":1}'))
  const pair = calling(String.raw`{"a": "\ud83d\ude42", "n": 1.0}`)
  expect(read(pair)).toEqual(pair)
})

test('a conversation of nothing but an empty system message keeps it: templates refuse an empty one', () => {
  expect(read([{ role: 'system', content: '' }])).toEqual([{ role: 'system', content: '' }])
})

test('an image is passed on as data to a model that takes images, beside its text', () => {
  const content = [{ type: 'text', text: 'look' }, picture]
  expect(read([{ role: 'user', content }], true)).toEqual([{ role: 'user', content }])
  expect(read([user, { role: 'user', content }], true)).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'hi' }, ...content] },
  ])
})

test.each<[string, unknown, boolean?]>([
  ['messages', []],
  ['messages', null],
  ['messages[0]', ['hi']],
  ['messages[0].role', [{ role: 'wizard', content: 'x' }]],
  ['messages[0].role', [{ role: 'constructor', content: 'x' }]],
  ['messages[0].role', [{ role: '__proto__', content: 'x' }]],
  ['messages[0].role', [{ content: 'x' }]],
  ['messages[0].content', [{ role: 'user', content: 5 }]],
  ['messages[0].content[0]', [{ role: 'user', content: [5] }]],
  ['messages[0].content[0].type', [{ role: 'user', content: [{ type: 'input_audio' }] }]],
  ['messages[0].content[0]', [{ role: 'user', content: [picture] }]],
  [
    'messages[0].content[0].image_url.url',
    [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://127.0.0.1/x.png' } }] }],
    true,
  ],
  [
    'messages[0].content[0].image_url.url',
    [{ role: 'user', content: [{ type: 'image_url', image_url: 'file:///etc/passwd' }] }],
    true,
  ],
  [
    'messages[0].tool_calls[0].function.arguments',
    [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '{"a":' } }] }],
  ],
  ['messages[0].tool_calls[0].function', [{ role: 'assistant', tool_calls: [null] }]],
])('%s is refused by name', (param, messages, images) => {
  expect(() => read(messages, images)).toThrow(expect.objectContaining({ code: 'invalid_request', param }))
})
