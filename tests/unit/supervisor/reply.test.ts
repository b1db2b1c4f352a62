import { describe, expect, test } from 'vitest'
import { advice, another, isFinal, type Replies, said } from '../../../src/supervisor/reply.ts'

const patience = 5_000
/** The same status at each of these times. */
function at(status: number, ...times: readonly number[]): Replies {
  const [first = 0, ...later] = times
  const reply = { status, text: '' }
  return later.reduce((replies, now) => another(replies, reply, now), another(undefined, reply, first))
}

describe('a refusal', () => {
  test('is final once it has come several times over some seconds', () => {
    for (const status of [400, 401, 403, 404, 405, 422, 302]) {
      expect(isFinal(at(status, 0, 100, 4_999), patience, 4_999)).toBe(false)
      expect(isFinal(at(status, 0, 5_000), patience, 5_000)).toBe(false)
      expect(isFinal(at(status, 0, 100, 5_000), patience, 5_000)).toBe(true)
    }
  })

  test('that may pass, or a failure of the server, never is', () => {
    for (const status of [408, 409, 423, 425, 429, 500, 502, 503])
      expect(isFinal(at(status, 0, 1_000, 60_000), patience, 60_000)).toBe(false)
  })

  test('of another kind begins anew', () => {
    const replies = another(at(404, 0, 4_000), { status: 401, text: '' }, 5_000)
    expect(replies).toEqual({ status: 401, times: 1, since: 5_000 })
  })
})

describe('what it said', () => {
  test.each([
    ['{"error": {"message": "no model is called m"}}', '404: no model is called m'],
    ['{"error": "No such thing"}', '404: No such thing'],
    ['{"detail": "Not Found"}', '404: Not Found'],
    ['Not Found', '404: Not Found'],
    ['{"error": "no /home/someone/models/small here"}', '404: no small here'],
    ['\u001B[31mred\u001B[0m\n\nlines', '404: red lines'],
    ['<html>a page</html>', '404'],
    ['', '404'],
  ])('is told on one line, without this machine’s folders: %j', (text, told) => {
    expect(said({ status: 404, text })).toBe(told)
  })

  test('is cut short where it is long', () => {
    expect(said({ status: 500, text: 'x'.repeat(5_000) }).length).toBeLessThan(300)
  })
})

test('what may be done about it depends on the refusal', () => {
  expect(advice(401)).toMatch(/key/)
  expect(advice(403)).toBe(advice(401))
  expect(advice(404)).toMatch(/servedModel/)
  expect(advice(400)).toMatch(/OpenAI/)
})
