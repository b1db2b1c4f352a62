import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { SseReader, textOf } from '../../../src/wire/sse.ts'

/** Everything a reader hears when the bytes come in pieces of this size. */
function heard(bytes: string | Buffer, size = Infinity, limit?: number): string[] {
  const out: string[] = []
  const listener = {
    data: (data: string, plain: boolean) => void out.push(`data ${textOf(data, plain)}`),
    comment: (text: string) => void out.push(`comment ${text}`),
  }
  const reader = new SseReader(listener, limit)
  const all = Buffer.from(bytes)
  for (let at = 0; at < all.length; at += size) reader.push(all.subarray(at, at + size))
  reader.end()
  return out
}

test.each([
  ['LF', 'data: a\n\ndata: b\n\n'],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n'],
  ['CR', 'data: a\r\rdata: b\r\r'],
  ['a byte order mark', '\uFEFFdata: a\n\ndata:b\n\n'],
  ['other fields', 'event: x\ndata: a\nid: 1\n\nretry: 1\n\ndata: b\n\n'],
])('reads events whose lines end with %s, however they are cut', (_, bytes) => {
  for (const size of [1, 2, 3, 5, Infinity]) expect(heard(bytes, size)).toEqual(['data a', 'data b'])
})

test('joins the data lines of one event and hears comments', () => {
  expect(heard(': keepalive 1/2\n\ndata: a\ndata: b\n\n')).toEqual(['comment keepalive 1/2', 'data a\nb'])
})

test('an event without its blank line has not been said', () => {
  expect(heard('data: a\n\ndata: [DONE]\n')).toEqual(['data a'])
})

test('a character cut between two chunks arrives whole, a broken one as the replacement character', () => {
  for (const size of [1, 2, 3]) expect(heard('data: Grüße 🙂\n\n', size)).toEqual(['data Grüße 🙂'])
  expect(heard(Buffer.from([...Buffer.from('data: '), 0xf0, 0x9f, 10, 10]))).toEqual(['data \uFFFD'])
})

test('one endless line, and one event of endless lines, end at the limit', () => {
  expect(() => heard(`data: ${'x'.repeat(5000)}`, 100, 1000)).toThrow(GatewayError)
  expect(() => heard('data: xxxxxxxxx\n'.repeat(500), 100, 1000)).toThrow(/more than 1000 bytes/)
})

test('whole events are offered together, and told one by one where they are not taken', () => {
  const offered: string[] = []
  const told: string[] = []
  const reader = new SseReader({
    data: (bytes) => void told.push(bytes),
    comment: () => {},
    events(bytes) {
      offered.push(bytes)
      return offered.length === 1
    },
  })
  reader.push(Buffer.from('data: a\n\ndata: b\n\nda'))
  reader.push(Buffer.from('ta: c\n\ndata: d'))
  reader.push(Buffer.from('\n\n'))
  expect(offered).toEqual(['data: a\n\ndata: b\n\n', 'data: c\n\n', 'data: d\n\n'])
  expect(told).toEqual(['c', 'd'])
})

test('events are not offered while one is half told', () => {
  const offered: string[] = []
  const reader = new SseReader({ data() {}, comment() {}, events: (bytes) => offered.push(bytes) > 0 })
  reader.push(Buffer.from('data: a\n'))
  reader.push(Buffer.from('data: b\n\n'))
  expect(offered).toEqual([])
})
