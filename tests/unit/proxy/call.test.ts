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
  ['stream', { model: 'm', stream: 'yes' }],
  ['stream_options', { model: 'm', stream_options: 1 }],
])('a wrong %s is named', (param, body) => {
  expect(() => read(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param }))
})
