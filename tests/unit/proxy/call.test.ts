import { expect, test } from 'vitest'
import { readCall } from '../../../src/proxy/call.ts'

const read = (body: unknown) => readCall('chat', Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

test('reads what a request asks for', () => {
  const call = read({ model: 'm', stream: true, stream_options: { include_usage: true } })
  expect(call).toMatchObject({ endpoint: 'chat', model: 'm', stream: true, includeUsage: true })
  expect(read({ model: 'm', stream: null, stream_options: null })).toMatchObject({ stream: false, includeUsage: false })
  expect(read({ model: 'm', stream: true, stream_options: {} })).toMatchObject({ stream: true, includeUsage: false })
})

test.each([
  ['no JSON', '{"model":'],
  ['NaN, which Python would take', '{"model":"m","temperature":NaN}'],
  ['a list', '[]'],
  ['null', 'null'],
  ['nothing', ''],
  ['a byte order that is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
])('a body that is %s is refused in words that do not quote it', (_, body) => {
  expect(() => readCall('chat', Buffer.from(body, 'latin1'))).toThrow(expect.objectContaining({ code: 'invalid_json' }))
  expect(() => readCall('chat', Buffer.from(body, 'latin1'))).toThrow(/^The request body[^{]*$/)
})

test.each([
  ['model', {}],
  ['model', { model: 3 }],
  ['model', { model: '' }],
  ['model', { model: 'x'.repeat(194) }],
  ['stream', { model: 'm', stream: 'yes' }],
  ['stream_options', { model: 'm', stream_options: 1 }],
])('a wrong %s is named', (param, body) => {
  expect(() => read(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param }))
})

test('what a request says is read anew for whoever asks again, and only then', () => {
  const call = read({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
  const taken = call.take()
  const again = call.take()
  expect(again.value).toEqual(taken.value)
  expect(again).not.toBe(taken)
})

const many = (value: string, count: number) => `{"model":"m","messages":[${Array(count).fill(value).join()}]}`

test.each(['{}', '[]', '0', '""', '{"a":"b"}'])(
  'more than 200,000 values such as %s are refused before they are parsed',
  (value) => {
    expect(() => read(many(value, 60_000))).not.toThrow()
    expect(() => read(many(value, 200_000))).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'messages' }),
    )
    // what would be no JSON at all is not read that far
    expect(() => read(many(value, 200_000).slice(0, -2))).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  },
)

test('nesting is refused before it is parsed, wherever it is', () => {
  for (const body of ['['.repeat(1_000_000), `{"model":"m","a":${'{"a":'.repeat(1_000_000)}`])
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
})

test('a field is named in few words, however long its name', () => {
  const refused = expect.objectContaining({
    param: `${'x'.repeat(100)}…`,
    message: expect.stringMatching(/^.{1,200}$/),
  })
  expect(() => read(`{"model":"m","${'x'.repeat(100_000)}":${'['.repeat(200)}${']'.repeat(200)}}`)).toThrow(refused)
})
