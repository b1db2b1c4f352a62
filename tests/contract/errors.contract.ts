/** How it refuses: errors are strings, and some are no answer at all. */
import { describe, expect, test } from 'vitest'
import { type Answer, exchange, parsed } from './exchange.ts'
import { say } from './asks.ts'

const wrongFields: [object, string][] = [
  [{ temperature: null }, "temperature must be of type ('float', 'int')"],
  [{ temperature: -1 }, 'temperature must be at least 0'],
  [{ max_tokens: 0 }, 'max_tokens must be at least 1'],
  [{ max_tokens: 1.5 }, 'max_tokens must be of type int'],
  [{ max_tokens: null }, 'max_tokens must be of type int'],
  [{ top_p: 2 }, 'top_p must be at most 1'],
  [{ stream: 'yes' }, 'stream must be of type bool'],
  [{ model: null }, 'requested_model must be of type str'],
  [{ adapters: 5 }, 'adapter must be of type str'],
  [{ xtc_probability: 0 }, 'xtc_probability must be of type float'],
  [{ top_logprobs: 12 }, 'top_logprobs must be at most 11'],
  [{ seed: 'x' }, 'seed must be of type int'],
  [{ logit_bias: [] }, 'logit_bias must be of type dict'],
  [{ logit_bias: { a: 1 } }, 'logit_bias must be a dict of int to float'],
  [{ messages: null }, "'NoneType' object is not iterable"],
]
const harmless = {
  stop: null,
  seed: null,
  tools: null,
  stream_options: null,
  logit_bias: null,
  adapters: null,
  max_completion_tokens: null,
}

export function errorsContract(port: () => number): void {
  const send = (body: string | Buffer | object, path = '/v1/chat/completions') => exchange(port(), { path, body })

  describe('a refused request', () => {
    test.each(wrongFields)('with %j is told why', async (fields, error) => {
      const answer = await exchange(port(), say('hello', fields))
      expect(errorOf(answer)).toEqual([400, error])
      expect(answer.headers.has('content-length')).toBe(false)
    })

    test('is none where a field may be null, or a boolean stands for a number', async () => {
      expect((await exchange(port(), say('hello', harmless))).status).toBe(200)
      expect(parsed(await exchange(port(), say('hello', { max_tokens: true }))).usage.completion_tokens).toBe(1)
    })

    test('without messages or prompt is told so', async () => {
      expect(errorOf(await send({}))).toEqual([400, 'Request did not contain messages'])
      expect(errorOf(await send({}, '/v1/completions'))).toEqual([400, 'Request did not contain a prompt'])
    })

    test('that is no JSON object is told so', async () => {
      expect(errorOf(await send('{"messages": ['))).toEqual([
        400,
        expect.stringMatching(/^Invalid JSON in request body: Expecting value/),
      ])
      expect(errorOf(await send([1]))).toEqual([400, 'Request should be a JSON dictionary'])
    })

    test('whose prompt cannot be made is told that it was not found', async () => {
      const image = [
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
      ]
      const empty = 'Cannot apply chat template to an empty conversation. Provide at least one message.'
      expect(errorOf(await send({ messages: [] }))).toEqual([404, empty])
      expect(errorOf(await send({ messages: image }))).toEqual([404, "Only 'text' content type is supported."])
      expect((await send({ prompt: [1, 2] }, '/v1/completions')).status).toBe(404)
    })

    test.each([
      ['a negative seed', JSON.stringify({ ...say('hello').body, seed: -1 })],
      ['a logit bias of null', JSON.stringify({ ...say('hello').body, logit_bias: { 5: null } })],
      ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ])('with %s gets no byte, and the next is answered', async (_, body) => {
      expect((await send(body)).raw).toBe('')
      expect((await exchange(port(), say('hello'))).status).toBe(200)
    })

    test.each([false, true])(
      'for another model drops the present one, which then loads anew (stream: %s)',
      async (stream) => {
        const answer = await exchange(port(), say('hello', { model: 'gpt-4o', stream }))
        expect(errorOf(answer)).toEqual([
          404,
          expect.stringMatching(/^Cannot find an appropriate cached snapshot folder/),
        ])
        expect((await exchange(port(), say('hello'))).status).toBe(200)
      },
    )

    test('in chunks gets 411', async () => {
      const answer = await exchange(port(), { ...say('hello'), chunked: true })
      expect(errorOf(answer)).toEqual([411, 'Content-Length header is required'])
    })
  })

  describe('a path', () => {
    test.each([
      ['POST', '/v1/chat/completions?x=1'],
      ['POST', '/v1/embeddings'],
      ['GET', '/health?x=1'],
      ['GET', '/nope'],
      ['GET', '/v1/chat/completions'],
    ])('that it does not know gets bare words called JSON: %s %s', async (method, path) => {
      const answer = await exchange(port(), { method, path, ...(method === 'POST' ? say('hello') : {}) })
      expect([answer.status, answer.body]).toEqual([404, 'Not Found'])
      expect(answer.headers.get('content-type')).toBe('application/json')
    })

    test('/health says ok', async () => {
      const answer = await exchange(port(), { method: 'GET', path: '/health' })
      expect([answer.status, answer.body]).toEqual([200, '{"status": "ok"}'])
    })

    test.each(['PUT', 'DELETE', 'HEAD'])('asked for by %s gets a page, but for HEAD', async (method) => {
      const answer = await exchange(port(), { method, path: '/health' })
      expect(answer.raw).toMatch(new RegExp(`^HTTP/1\\.0 501 Unsupported method \\('${method}'\\)\r\n`))
      expect(answer.headers.get('content-type')).toBe('text/html;charset=utf-8')
      expect(answer.body.length).toBe(method === 'HEAD' ? 0 : Number(answer.headers.get('content-length')))
    })

    test('asked for by OPTIONS allows everybody everything', async () => {
      const answer = await exchange(port(), { method: 'OPTIONS' })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    })
  })
}

function errorOf({ status, body }: Answer): [number, string] {
  return [status, JSON.parse(body).error]
}
