import { describe, expect, test } from 'vitest'
import { unreachable } from '../../../src/hub/unreachable.ts'

const failing = (code: string) => Object.assign(new Error('raw words'), { code })
const words = (thrown: unknown) => unreachable('https://hub.test', thrown).message

describe('a hub that cannot be reached', () => {
  test.each([
    ['ENOTFOUND', 'its name is not known here; is there a network?'],
    ['ECONNREFUSED', 'it refuses the connection'],
    ['ENETUNREACH', 'there is no network'],
    ['UND_ERR_CONNECT_TIMEOUT', 'it does not answer'],
    ['UND_ERR_HEADERS_TIMEOUT', 'it stopped answering'],
    ['ECONNRESET', 'the connection broke'],
    ['EODD', 'EODD'],
  ])('for %s is told in words', (code, reason) => {
    const error = unreachable('https://hub.test', failing(code))
    expect(error.code).toBe('hub_unreachable')
    expect(error.message).toBe(`The hub at https://hub.test cannot be reached (${reason}). Local models go on working.`)
  })

  test('at several addresses is told by the first of them', () => {
    expect(words(new AggregateError([failing('ECONNREFUSED'), failing('ENETUNREACH')]))).toContain('refuses')
  })

  test('for an error within an error is told by the inner one', () => {
    expect(words(new Error('fetch failed', { cause: failing('ENOTFOUND') }))).toContain('is there a network?')
  })

  test('for want of time is told so', () => {
    expect(words(new DOMException('timed out', 'TimeoutError'))).toContain('it took too long')
  })

  test('for its certificate says how to trust one', () => {
    expect(words(failing('DEPTH_ZERO_SELF_SIGNED_CERT'))).toContain('NODE_EXTRA_CA_CERTS')
  })

  test('for what has no code is told in its own words', () => {
    expect(words(new Error('odd'))).toContain('(odd)')
  })
})
