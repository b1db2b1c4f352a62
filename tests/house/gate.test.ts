import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { writeError } from '../../src/api/errors.ts'
import { createFrontDoor, requestIdOf } from '../../src/api/front-door.ts'
import { settings } from '../../src/config/schema.ts'
import { GatewayError } from '../../src/errors.ts'

interface Options {
  readonly maxBody?: number
  readonly maxHeaders?: number
  readonly headersTimeout?: number
  readonly bodyTimeout?: number
  readonly allowedOrigins?: string[]
}

/** A front door before a handler that tells what it was asked and reads the body, as every door behind it does. */
async function house(options: Options = {}) {
  const asked: string[] = []
  const { server } = settings.parse({ server: { port: 0, ...options } })
  const door = createFrontDoor(server, (incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    if (incoming.url === '/stream') {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
      outgoing.write('data: 1\n\n')
      return
    }
    text(incoming).then(
      (body) => outgoing.end(`${incoming.method} ${body}`),
      () => writeError(outgoing, new GatewayError('request_timeout', 'Gone.'), requestIdOf(outgoing)),
    )
  })
  const { port } = await door.listen()
  return {
    asked,
    door,
    port,
    /** Everything the gateway says to these bytes until it closes the connection. */
    async say(...pieces: string[]): Promise<string> {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      for (const piece of pieces) socket.write(piece, 'latin1')
      return await text(socket)
    },
    async [Symbol.asyncDispose]() {
      const closed = door.close()
      door.cut()
      await closed
    },
  }
}

/** A request in bytes. */
function raw(line: string, ...headers: string[]): string {
  return `${[`${line} HTTP/1.1`, 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`
}

const host = 'Host: localhost'
const json = 'Content-Type: application/json'

function statuses(answer: string): string[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status = '']) => status)
}

function codeOf(answer: string): unknown {
  const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
  expect(body).toMatchObject({ error: { message: expect.any(String), type: expect.any(String), param: null } })
  return typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
}

describe('before anything is routed', () => {
  test.each([
    ['two Hosts', raw('GET /', host, host), '400', 'invalid_request'],
    ['no Host', raw('GET /'), '400', 'invalid_request'],
    ['an empty Host', raw('GET /', 'Host:'), '400', 'invalid_request'],
    ['a path in the Host (CVE-2026-48746)', raw('GET /admin', 'Host: localhost/v1/models?'), '400', 'invalid_request'],
    ['a user in the Host', raw('GET /', 'Host: localhost@evil.com'), '400', 'invalid_request'],
    ['a name that was rebound to this machine', raw('GET /', 'Host: evil.com'), '421', 'host_not_allowed'],
    ['an absolute target', raw('GET http://localhost/v1/models', host), '400', 'invalid_request'],
    ['the target *', raw('OPTIONS *', host), '400', 'invalid_request'],
    ['a path with two slashes', raw('GET //v1/models', host), '404', 'not_found'],
    ['a path with hidden dots', raw('GET /v1/%2e%2e/admin', host), '404', 'not_found'],
    ['TRACE', raw('TRACE /', host), '405', 'method_not_allowed'],
    ['a foreign origin', raw('GET /v1/models', host, 'Origin: https://evil.com'), '403', 'origin_not_allowed'],
    ['Origin: null', raw('GET /v1/models', host, 'Origin: null'), '403', 'origin_not_allowed'],
    ['a cross-site request', raw('GET /v1/models', host, 'Sec-Fetch-Site: cross-site'), '403', 'origin_not_allowed'],
    ['a form', raw('POST /', host, 'Content-Type: text/plain', 'Content-Length: 0'), '415', 'unsupported_media_type'],
    [
      'a compressed body',
      raw('POST /', host, json, 'Content-Encoding: gzip', 'Content-Length: 0'),
      '415',
      'unsupported_media_type',
    ],
    ['two keys', raw('GET /', host, 'Authorization: Bearer a', 'Authorization: Bearer b'), '400', 'invalid_request'],
    ['an expectation', raw('POST /', host, json, 'Expect: magic', 'Content-Length: 0'), '400', 'invalid_request'],
    ['no HTTP at all', 'hello\r\n\r\n', '400', 'invalid_request'],
    ['a header with a NUL', raw('GET /', host, 'X: a\0b'), '400', 'invalid_request'],
  ])('%s is refused in JSON', async (_, request, status, code) => {
    await using gateway = await house()
    const answer = await gateway.say(request)
    expect(statuses(answer)).toEqual([status])
    expect(answer).toMatch(/^x-request-id: req_\w+\r$/m)
    expect(codeOf(answer)).toMatchObject({ code })
    expect(gateway.asked).toEqual([])
  })

  test('header blocks beyond the cap are refused with 431', async () => {
    await using gateway = await house({ maxHeaders: 2048 })
    const answer = await gateway.say(raw('GET /', host, `X: ${'x'.repeat(4096)}`))
    expect(statuses(answer)).toEqual(['431'])
    expect(codeOf(answer)).toMatchObject({ code: 'request_too_large' })
  })

  test('a HEAD that is refused has no body', async () => {
    await using gateway = await house()
    expect(await gateway.say(raw('HEAD //', host))).toMatch(/\r\n\r\n$/)
  })

  test('CORS names a configured origin, and nobody else is reflected', async () => {
    await using gateway = await house({ allowedOrigins: ['https://chat.example'] })
    const preflight = await gateway.say(
      raw('OPTIONS /v1/models', host, 'Origin: https://chat.example', 'Access-Control-Request-Method: POST'),
    )
    expect(statuses(preflight)).toEqual(['204'])
    expect(preflight).toMatch(/^access-control-allow-origin: https:\/\/chat\.example\r$/m)
    expect(preflight).not.toMatch(/allow-private-network|allow-credentials/i)
    const evil = await gateway.say(raw('GET /v1/models', host, 'Origin: https://evil.example'))
    expect(evil).not.toMatch(/access-control/i)
    expect(evil).toMatch(/^vary: origin\r$/m)
  })
})

describe('smuggling', () => {
  const next = raw('GET /smuggled', host)

  test.each([
    ['a length and chunks', [json, 'Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['two lengths', [json, 'Content-Length: 0', 'Content-Length: 4'], ''],
    ['a length that is no number', [json, 'Content-Length: +4'], 'abcd'],
    ['chunks after something else', [json, 'Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['a chunk that is no chunk', [json, 'Transfer-Encoding: chunked'], 'zz\r\n'],
    ['a bare line feed in the headers', [`${json}\nContent-Length: 4`], 'abcd'],
  ])('%s: refused, and what follows is not read as a request', async (_, headers, body) => {
    await using gateway = await house()
    const answer = await gateway.say(raw('POST /', host, ...headers).replace('Connection: close\r\n', ''), body, next)
    expect(statuses(answer)).toEqual(['400'])
    expect(gateway.asked).not.toContain('GET /smuggled')
  })

  test('pipelined requests are answered in order', async () => {
    await using gateway = await house()
    const first = raw('GET /1', host).replace('Connection: close\r\n', '')
    expect(statuses(await gateway.say(first, raw('GET /2', host)))).toEqual(['200', '200'])
    expect(gateway.asked).toEqual(['GET /1', 'GET /2'])
  })

  test('nonsense behind a stream is not written into it', async () => {
    await using gateway = await house()
    const answer = await gateway.say(raw('GET /stream', host).replace('Connection: close\r\n', ''), 'nonsense\r\n\r\n')
    expect(statuses(answer)).not.toContain('400')
  })
})

describe('bodies', () => {
  test('one that is declared too large is refused before it is sent', async () => {
    await using gateway = await house({ maxBody: 1024 })
    const answer = await gateway.say(raw('POST /', host, json, 'Content-Length: 1025', 'Expect: 100-continue'))
    expect(statuses(answer)).toEqual(['413'])
    expect(gateway.asked).toEqual([])
  })

  test('a client that waits for leave to send is given it', async () => {
    await using gateway = await house()
    const answer = await gateway.say(raw('POST /', host, json, 'Content-Length: 2', 'Expect: 100-continue'), '{}')
    expect(statuses(answer)).toEqual(['100', '200'])
    expect(answer.endsWith('POST {}')).toBe(true)
  })

  test('a client that sends its headers too slowly is told so and let go', async () => {
    await using gateway = await house({ headersTimeout: 50, bodyTimeout: 50 })
    const answer = await gateway.say('GET / HTTP/1.1\r\nHost: local')
    expect(statuses(answer)).toEqual(['408'])
    expect(codeOf(answer)).toMatchObject({ code: 'request_timeout' })
  })

  test('a client that sends its body too slowly is told so and let go', async () => {
    await using gateway = await house({ headersTimeout: 50, bodyTimeout: 50 })
    expect(statuses(await gateway.say(raw('POST /', host, json, 'Content-Length: 9'), '{'))).toEqual(['408'])
  })
})

describe('closing', () => {
  test('nobody new is let in, idle connections end, and an answer under way may finish', async () => {
    await using gateway = await house()
    const url = `http://127.0.0.1:${gateway.port}`
    await (await fetch(`${url}/idle`)).text()
    const streaming = await fetch(`${url}/stream`)
    const closed = gateway.door.close()
    await expect(fetch(`${url}/late`)).rejects.toThrow('fetch failed')
    const reader = streaming.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n')
    await reader?.cancel()
    await closed
    expect(gateway.asked).not.toContain('GET /late')
  })

  test('a port that is taken is named, with what to do', async () => {
    await using gateway = await house()
    const { server } = settings.parse({ server: { port: gateway.port } })
    const second = createFrontDoor(server, () => {})
    await expect(second.listen()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('--port'),
    })
  })
})
