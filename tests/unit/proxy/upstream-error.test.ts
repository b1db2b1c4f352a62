import { expect, test } from 'vitest'
import { readRefusal } from '../../../src/proxy/upstream-error.ts'

const refusal = (status: number, body: unknown) =>
  readRefusal(status, typeof body === 'string' ? body : JSON.stringify(body))

test.each<[number, unknown, string]>([
  [404, { error: 'generation thread died' }, 'server_failed'],
  [404, { error: 'Conversation roles must alternate user/assistant' }, 'invalid_request'],
  [404, { error: "Only 'text' content type is supported." }, 'invalid_request'],
  [400, { error: 'max_tokens must be of type int' }, 'invalid_request'],
  [422, { detail: [{ loc: ['body', 'x'] }] }, 'invalid_request'],
  [404, { error: 'Repository Not Found' }, 'server_failed'],
  [404, 'Not Found', 'server_failed'],
  [503, { detail: { error: 'text_generation_busy' } }, 'server_unavailable'],
  [429, 'slow down', 'server_unavailable'],
  [500, 'Internal Server Error', 'server_failed'],
  [501, '<html><script>alert(1)</script></html>', 'server_failed'],
])('%i with %j means %s', (status, body, code) => {
  expect(refusal(status, body).code).toBe(code)
})

test('a page is never repeated, nor the paths of the machine, nor endless words', () => {
  expect(refusal(500, '<html>secret</html>').message).not.toContain('secret')
  expect(refusal(500, { error: 'cannot read /Users/somebody/models/x.safetensors' }).message).not.toContain('somebody')
  expect(refusal(500, { error: 'x'.repeat(5000) }).message.length).toBeLessThan(500)
  expect(refusal(500, { error: 'a\nb' }).message).not.toContain('\n')
})
