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

test('tool call arguments that Python cannot read are refused by name', () => {
  const field = 'messages[0].tool_calls[0].function.arguments'
  const refused = expect.objectContaining({ code: 'invalid_request', param: field })
  expect(() => read(calling(`{"n":${'7'.repeat(5000)}}`))).toThrow(refused)
  expect(() => read(calling(`{"n":[${Array(200_001).fill('{}').join()}]}`))).toThrow(refused)
  const bearable = calling(`{"n":${'7'.repeat(4000)},"t":"${'7'.repeat(5000)}"}`)
  expect(read(bearable)).toEqual(bearable)
})

test('a message that needs nothing stays the object that came', () => {
  const conversation = [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'hi', name: 'ann' },
    ...calling('{"a":1}'),
    { role: 'tool', tool_call_id: 'x', content: '1' },
    { role: 'user', content: [{ type: 'text', text: 'look' }, picture] },
  ]
  const out = read(conversation, true)
  expect(out.map((message, position) => message === conversation[position])).toEqual([true, true, true, true, true])
})

test.each<[string, object, object]>([
  ['another role', { role: 'function', content: 'x' }, { role: 'tool', content: 'x' }],
  ['no content', { role: 'assistant' }, { role: 'assistant', content: '' }],
  ['a null', { ...user, name: null }, user],
  ['a list of texts', { role: 'user', content: [{ type: 'text', text: 'hi' }] }, user],
  ['an empty list of calls', { role: 'assistant', content: 'x', tool_calls: [] }, { role: 'assistant', content: 'x' }],
  [
    'a part with more to it',
    { role: 'user', content: [{ ...picture, detail: 'low' }] },
    { role: 'user', content: [picture] },
  ],
  [
    'an image with more to it',
    { role: 'user', content: [{ ...picture, image_url: { ...picture.image_url, detail: 'low' } }] },
    { role: 'user', content: [picture] },
  ],
  [
    'a call without a type',
    { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: '{}' } }] },
    calling('{}')[0] ?? {},
  ],
])('a message with %s does not', (_, message, read_) => {
  expect(read([message], true)).toEqual([read_])
})

test('a system message of other words or with more to it is written anew', () => {
  for (const message of [
    { role: 'developer', content: 'a' },
    { role: 'system', content: [{ type: 'text', text: 'a' }] },
    { role: 'system', content: 'a', name: 'b' },
  ])
    expect(read([message, user])).toEqual([{ role: 'system', content: 'a' }, user])
})

test('texts between images stay in their places', () => {
  const seen = { role: 'user', content: [picture] }
  expect(read([user, user, seen, user, user], true)).toEqual([
    {
      role: 'user',
      content: [{ type: 'text', text: 'hi\n\nhi' }, picture, { type: 'text', text: 'hi\n\nhi' }],
    },
  ])
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
