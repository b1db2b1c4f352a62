import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/downloads/answer.ts'

const wanted = { path: 'w', blob: 'b', bytes: 100, start: 10, end: 50, etag: undefined }
const answer = { status: 206, total: 100, etag: '"e"', blob: 'b', bytes: 100 } as const

describe('an answer', () => {
  test('with the range asked for is taken', () => {
    expect(judge(answer, wanted)).toBe('range')
    expect(judge(answer, { ...wanted, etag: '"e"' })).toBe('range')
    expect(judge({ ...answer, blob: undefined, bytes: undefined, total: undefined, etag: undefined }, wanted)).toBe(
      'range',
    )
    expect(judge({ ...answer, etag: undefined }, { ...wanted, etag: '"e"' })).toBe('range')
  })

  test('with the whole file is taken as asked, where all was asked for', () => {
    expect(judge({ ...answer, status: 200 }, { ...wanted, start: 0, end: 100 })).toBe('range')
  })

  test('with the whole file in place of a part tells that there are no ranges here', () => {
    expect(judge({ ...answer, status: 200 }, wanted)).toBe('whole')
    expect(judge({ ...answer, status: 200 }, { ...wanted, start: 0 })).toBe('whole')
    expect(judge({ ...answer, status: 200 }, { ...wanted, end: 100 })).toBe('whole')
  })

  test('of another ETag than before tells that the file changed', () => {
    expect(judge(answer, { ...wanted, etag: '"d"' })).toBe('changed')
    expect(judge({ ...answer, status: 200 }, { ...wanted, etag: '"d"' })).toBe('changed')
  })

  test.each([
    ['another blob', { blob: 'c' }],
    ['another size', { bytes: 101 }],
    ['another length', { total: 99 }],
    ['an end before the range', { status: 416 as const }],
  ])('with %s is not taken, and may be right the next time', (_, changes) => {
    expect(() => judge({ ...answer, ...changes }, { ...wanted, etag: '"d"' })).toThrow(
      expect.objectContaining({ code: 'hub_unreachable', message: expect.stringContaining('another file') }),
    )
  })
})
