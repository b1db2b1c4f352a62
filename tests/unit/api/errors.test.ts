import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { errorBody, errorHeaders, meaningOf, troubleOf, writeError } from '../../../src/api/errors.ts'
import { asGatewayError, GatewayError } from '../../../src/errors.ts'

describe('what an error means in HTTP', () => {
  test('an unknown model is a 404 that official clients recognise', () => {
    const error = new GatewayError('model_not_found', 'There is no model "x"; did you mean "y"?', { param: 'model' })
    expect(meaningOf(error).status).toBe(404)
    expect(errorBody(error)).toEqual({
      error: {
        message: 'There is no model "x"; did you mean "y"?',
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    })
  })

  test('a param that nobody named is null, not absent', () => {
    expect(errorBody(new GatewayError('queue_full', 'Full.')).error.param).toBeNull()
  })

  test('the time to wait is told in whole seconds, one at least', () => {
    const told = [1, 1000, 1001, 0].map((retryAfterMs) =>
      errorHeaders(new GatewayError('queue_full', '', { retryAfterMs })),
    )
    expect(told.map((headers) => headers['retry-after'])).toEqual(['1', '1', '2', '1'])
  })

  test('clients are told not to try again what can never fit, and nothing of the sort where it may pass', () => {
    expect(errorHeaders(new GatewayError('insufficient_memory', ''))).toEqual({ 'x-should-retry': 'false' })
    expect(errorHeaders(new GatewayError('insufficient_memory', '', { retryAfterMs: 500 }))).toEqual({
      'retry-after': '1',
    })
    expect(errorHeaders(new GatewayError('conflict', ''))).toEqual({ 'x-should-retry': 'false' })
    expect(errorHeaders(new GatewayError('server_failed', ''))).toEqual({})
    expect(errorHeaders(new GatewayError('invalid_request', ''))).toEqual({})
  })

  test('a wrong key is answered with the way to send one', () => {
    expect(errorHeaders(new GatewayError('invalid_api_key', ''))).toEqual({ 'www-authenticate': 'Bearer' })
  })

  test('what nobody threw on purpose is a 500 that tells a caller nothing, and an event that tells the log all', () => {
    const thrown = new TypeError('secret of the house')
    const body = errorBody(asGatewayError(thrown))
    expect(body.error.code).toBe('internal_error')
    expect(JSON.stringify(body)).not.toMatch(/secret|TypeError/)
    expect(troubleOf(thrown, 'r1')).toMatchObject({
      type: 'gateway.trouble',
      requestId: 'r1',
      message: 'secret of the house',
    })
    expect(troubleOf(asGatewayError(thrown), 'r1')).toMatchObject({ message: 'secret of the house' })
    expect(troubleOf(new GatewayError('queue_full', ''), 'r1')).toBeUndefined()
  })

  test('a disk that refuses is a passing 503 for the caller, and trouble for the log, with its cause', () => {
    const cause = new Error('database or disk is full')
    const error = new GatewayError('store_unusable', 'The disk is full.', { cause })
    expect([meaningOf(error).status, errorHeaders(error)]).toEqual([503, {}])
    const detail = expect.stringContaining('errors.test.ts')
    expect(troubleOf(error, 'r1')).toMatchObject({ type: 'gateway.trouble', message: cause.message, detail })
  })
})

describe('writeError', () => {
  const refused = new GatewayError('request_too_large', 'Too large.')

  test('answers in the official shape with the request id, and keeps the connection where nothing is unread', async () => {
    await using server = await serve((_, outgoing) =>
      writeError(outgoing, new GatewayError('queue_full', 'Full.'), 'req_1'),
    )
    const response = await fetch(server.url)
    expect(response.status).toBe(429)
    expect(response.headers.get('x-request-id')).toBe('req_1')
    expect(response.headers.get('connection')).not.toBe('close')
    expect(await response.json()).toEqual({
      error: { message: 'Full.', type: 'rate_limit_error', param: null, code: 'queue_full' },
    })
  })

  test('a body that was not read is not taken for the next request: the connection ends', async () => {
    await using server = await serve((_, outgoing) => writeError(outgoing, refused, 'req_2'))
    const socket = connect(server.port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60\r\n\r\n')
    socket.write('GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'.padEnd(60))
    const answer = await text(socket)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413'])
    expect(answer.toLowerCase()).toContain('connection: close')
  })

  test('a client still sending a large body gets to read the answer', async () => {
    await using server = await serve((_, outgoing) => writeError(outgoing, refused, 'req_3'))
    const response = await fetch(server.url, { method: 'POST', body: 'x'.repeat(4 * 1024 ** 2) })
    expect(response.status).toBe(413)
  })

  test('an answer that has begun is cut, so that it cannot be taken for complete', async () => {
    await using server = await serve((_, outgoing) => {
      outgoing.writeHead(200)
      outgoing.write('half')
      writeError(outgoing, refused, 'req_4')
    })
    await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow(TypeError)
  })
})

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
