import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { readCredential } from '../../../src/access/credential.ts'

it.each([
  [{}, undefined],
  [{ authorization: 'Bearer k' }, 'k'],
  [{ authorization: 'bearer   k' }, 'k'],
  [{ authorization: 'Bearer' }, undefined],
  [{ authorization: 'Bearer ' }, undefined],
  [{ 'x-api-key': 'k' }, 'k'],
  [{ 'x-api-key': ' ' }, undefined],
  [{ authorization: 'Bearer k', 'x-api-key': 'k' }, 'k'],
  [{ authorization: 'Bearer k', 'x-api-key': '' }, 'k'],
  [{ authorization: 'Bearer ', 'x-api-key': 'k' }, 'k'],
  [{ 'api-key': 'k', cookie: 'key=k' }, undefined],
])('%j shows %j', (headers, credential) => {
  expect(readCredential(headers)).toBe(credential)
})

it.each([
  [{ authorization: 'Bearer a', 'x-api-key': 'b' }, 'different keys'],
  [{ authorization: 'Basic dTpw' }, 'must read "Bearer"'],
  [{ authorization: 'Bearer a b' }, 'must read "Bearer"'],
  [{ authorization: 'k' }, 'must read "Bearer"'],
  [{ authorization: '' }, 'must read "Bearer"'],
  [{ 'x-api-key': ['a', 'b'] }, 'once'],
])('%j is refused', (headers: IncomingHttpHeaders, words) => {
  const refusal = { code: 'invalid_api_key', message: expect.stringContaining(words) }
  expect(() => readCredential(headers)).toThrow(expect.objectContaining(refusal))
})

it('takes no key that came twice over the wire for one of the two', async () => {
  let seen: unknown
  const server = createServer((incoming, response) => {
    seen = readCredential(incoming.headers)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const [response] = await once(request({ port, headers: { 'x-api-key': ['good', 'bad'] } }).end(), 'response')
  response.resume()
  expect(seen).toBe('good, bad')
  server.close()
})
