import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/api/gate.ts'
import type { GateRules } from '../../../src/api/gate.ts'

const rules: GateRules = {
  host: '127.0.0.1',
  allowedHosts: ['mac.local', 'gw.example:443'],
  allowedOrigins: ['https://chat.example'],
  maxBody: 1000,
}

interface Sent {
  readonly method?: string
  readonly target?: string
  readonly hosts?: readonly string[]
  readonly headers?: readonly (readonly [string, string])[]
  readonly address?: string
  readonly rules?: GateRules
}

/** `pass`, `preflight`, or the code of the refusal. */
function outcome(sent: Sent): string {
  const verdict = ask(sent)
  return typeof verdict.outcome === 'string' ? verdict.outcome : verdict.outcome.code
}

function ask({
  method = 'GET',
  target = '/v1/models',
  hosts = ['localhost:8090'],
  headers = [],
  address = '127.0.0.1',
  ...sent
}: Sent) {
  const lines = [...hosts.map((host) => ['Host', host] as const), ...headers]
  return judge(
    {
      method,
      target,
      rawHeaders: lines.flat(),
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      arrival: { address, port: 8090 },
    },
    sent.rules ?? rules,
  )
}

const from = (origin: string, sent: Sent = {}) =>
  ask({ ...sent, headers: [['Origin', origin], ...(sent.headers ?? [])] })

const post = (...headers: readonly (readonly [string, string])[]) =>
  outcome({ method: 'POST', target: '/v1/chat/completions', headers })

const lines = (count: number) => Array.from({ length: count }, (_, at) => [`X-${at}`, ''] as const)

describe('Host', () => {
  test.each([
    'localhost:8090',
    'localhost',
    '127.0.0.1:8090',
    '[::1]:8090',
    'LOCALHOST:8090',
    'mac.local:1',
    'mac.local',
    'gw.example:443',
  ])('%s is one of ours', (host) => expect(outcome({ hosts: [host] })).toBe('pass'))

  test.each([
    'evil.com',
    'evil.com:8090',
    'localhost:8091',
    'localhost.evil.com:8090',
    'localhost.:8090',
    '0.0.0.0:8090',
    '[::ffff:127.0.0.1]:8090',
    '2130706433:8090',
    'gw.example',
    'notmac.local',
  ])('%s is not', (host) => expect(outcome({ hosts: [host] })).toBe('host_not_allowed'))

  test.each([
    '',
    'localhost/v1/models?',
    'user@localhost',
    'localhost:',
    'localhost:80:90',
    'local host',
    'localhost:123456',
    '[::1',
    'löcalhost',
  ])('"%s" is no host at all', (host) => expect(outcome({ hosts: [host] })).toBe('invalid_request'))

  test('there is exactly one, even where two agree', () => {
    expect(outcome({ hosts: [] })).toBe('invalid_request')
    expect(outcome({ hosts: ['localhost:8090', 'localhost:8090'] })).toBe('invalid_request')
  })

  test('a gateway bound to every address answers to the one that the connection arrived at', () => {
    const open = { ...rules, host: '0.0.0.0' }
    expect(outcome({ rules: open, hosts: ['192.168.1.5:8090'], address: '192.168.1.5' })).toBe('pass')
    expect(outcome({ rules: open, hosts: ['192.168.1.5:8090'], address: '::ffff:192.168.1.5' })).toBe('pass')
    expect(outcome({ rules: open, hosts: ['[fe80::1]:8090'], address: 'fe80::1' })).toBe('pass')
    expect(outcome({ rules: open, hosts: ['192.168.1.6:8090'], address: '192.168.1.5' })).toBe('host_not_allowed')
    expect(outcome({ rules: open, hosts: ['0.0.0.0:8090'], address: '127.0.0.1' })).toBe('host_not_allowed')
  })
})

describe('the path', () => {
  test.each([
    '/',
    '/v1/models?limit=1',
    '/v1/models/mlx-community/Qwen3-4B-4bit',
    '/v1/models/a%2Fb',
    '/v1/models/',
    '/v1/models/gpt-4.1',
  ])('%s is taken as it is', (target) => expect(outcome({ target })).toBe('pass'))

  test.each([
    '//v1/models',
    '/v1//models',
    '/v1/%2e%2e/admin',
    '/v1/../admin',
    '/./v1',
    '/v1/models;a=b',
    '/v1\\models',
    '/v1/%5cx',
    '/v1/%00',
    '/%252e',
    '/v1/%zz',
    '/v1/a b',
  ])('%s is nowhere', (target) => expect(outcome({ target })).toBe('not_found'))

  test.each(['http://localhost:8090/v1/models', '*', 'localhost:8090', ''])('the target "%s" is not a path', (target) =>
    expect(outcome({ target })).toBe('invalid_request'),
  )
})

const visit = (target: string, sent: Sent = {}, how: Record<string, string> = {}) => {
  const said = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', ...how }
  return outcome({ target, ...sent, headers: Object.entries(said) })
}

describe('a link on a page of another site', () => {
  test.each(['/', '/admin', '/admin/', '/admin/sign-in', '/admin/apis', '/admin/profiles/api'])(
    'may lead to %s, also from another port of this machine',
    (target) => {
      expect([visit(target), visit(target, {}, { 'Sec-Fetch-Site': 'same-site' })]).toEqual(['pass', 'pass'])
    },
  )

  test.each(['/admin/api', '/admin/api/', '/admin/api/servers', '/v1/models', '/metrics', '/administration'])(
    'leads nowhere else: %s',
    (target) => expect(visit(target)).toBe('origin_not_allowed'),
  )

  test('is followed by a person, in a tab of its own', () => {
    expect(visit('/admin/', {}, { 'Sec-Fetch-Dest': 'iframe' })).toBe('origin_not_allowed')
    expect(visit('/admin/', {}, { 'Sec-Fetch-Mode': 'no-cors' })).toBe('origin_not_allowed')
    expect(visit('/admin/', {}, { Origin: 'https://evil.com' })).toBe('origin_not_allowed')
    expect(visit('/admin/', { method: 'POST' })).toBe('origin_not_allowed')
  })
})

describe('pages of other sites', () => {
  test('a configured origin may call /v1 and is named in the answer', () => {
    expect(from('https://chat.example')).toEqual({ origin: 'https://chat.example', outcome: 'pass' })
  })

  test('a configured origin may not call the admin API', () => {
    expect(from('https://chat.example', { target: '/admin/api/keys' }).outcome).toMatchObject({
      code: 'origin_not_allowed',
    })
    expect(from('https://chat.example', { target: '/v1x' }).outcome).toMatchObject({ code: 'origin_not_allowed' })
  })

  test.each([
    'null',
    'https://chat.example.evil.com',
    'https://evil-chat.example',
    'http://chat.example',
    'https://chat.example:444',
    'http://localhost:3000',
    '',
  ])('the origin "%s" is refused and named nowhere', (origin) => {
    const verdict = from(origin)
    expect(verdict.outcome).toMatchObject({ code: 'origin_not_allowed' })
    expect(verdict.origin).toBeUndefined()
  })

  test('our own pages may call every door, without CORS', () => {
    expect(from('http://localhost:8090', { target: '/admin/api/keys' })).toEqual({ origin: undefined, outcome: 'pass' })
    expect(from('https://mac.local', { hosts: ['mac.local'], target: '/admin/api/keys' }).outcome).toBe('pass')
    expect(from('http://127.0.0.1:8090', { hosts: ['localhost:8090'] }).outcome).toMatchObject({
      code: 'origin_not_allowed',
    })
  })

  test('a browser that calls across sites without an Origin is refused; a program on Node’s fetch is not', () => {
    const site = (value: string) => outcome({ headers: [['Sec-Fetch-Site', value]] })
    expect([site('cross-site'), site('same-site'), site('none, cross-site')]).toEqual(
      Array(3).fill('origin_not_allowed'),
    )
    expect([site('same-origin'), site('none')]).toEqual(['pass', 'pass'])
    expect(outcome({ headers: [['Sec-Fetch-Mode', 'cors']] })).toBe('pass')
  })

  test('a preflight is answered for a configured origin alone', () => {
    const asked = [['Access-Control-Request-Method', 'POST']] as const
    expect(from('https://chat.example', { method: 'OPTIONS', headers: asked })).toEqual({
      origin: 'https://chat.example',
      outcome: 'preflight',
    })
    expect(from('https://evil.example', { method: 'OPTIONS', headers: asked }).outcome).toMatchObject({
      code: 'origin_not_allowed',
    })
    expect(outcome({ method: 'OPTIONS' })).toBe('method_not_allowed')
  })

  test('even a refusal names the configured origin, so that its page can read why', () => {
    const verdict = from('https://chat.example', { method: 'TRACE' })
    expect(verdict).toMatchObject({ origin: 'https://chat.example', outcome: { code: 'method_not_allowed' } })
  })
})

describe('the body', () => {
  const json = ['Content-Type', 'application/json'] as const

  test('JSON is read, with or without parameters', () => {
    expect(post(json, ['Content-Length', '10'])).toBe('pass')
    expect(post(['Content-Type', 'Application/JSON; charset=utf-8'], ['Transfer-Encoding', 'chunked'])).toBe('pass')
  })

  test('anything else is refused: forms and plain text, which pages send without asking, and a body without a type', () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'application/json-seq',
    ]) {
      expect(post(['Content-Type', type], ['Content-Length', '10'])).toBe('unsupported_media_type')
    }
    expect(post(['Content-Length', '10'])).toBe('unsupported_media_type')
    expect(post(['Transfer-Encoding', 'chunked'])).toBe('unsupported_media_type')
  })

  test('a request without a body needs no type', () => {
    expect(post(['Content-Length', '0'])).toBe('pass')
    expect(post()).toBe('pass')
  })

  test('a body larger than the cap is refused by its declared length', () => {
    expect(post(json, ['Content-Length', '1000'])).toBe('pass')
    expect(post(json, ['Content-Length', '1001'])).toBe('request_too_large')
  })

  test('a compressed body is refused', () => {
    expect(post(json, ['Content-Length', '10'], ['Content-Encoding', 'gzip'])).toBe('unsupported_media_type')
    expect(post(json, ['Content-Length', '10'], ['Content-Encoding', 'identity'])).toBe('pass')
  })
})

describe('header lines', () => {
  test('a second line of a header that decides something is refused', () => {
    for (const name of ['Authorization', 'X-Api-Key', 'Origin', 'Content-Type']) {
      expect(
        outcome({
          headers: [
            [name, 'a'],
            [name.toUpperCase(), 'b'],
          ],
        }),
      ).toBe('invalid_request')
    }
    expect(
      outcome({
        headers: [
          ['Accept', 'a'],
          ['Accept', 'b'],
        ],
      }),
    ).toBe('pass')
  })

  test('more than 128 of them are refused', () => {
    expect(outcome({ headers: lines(127) })).toBe('pass')
    expect(outcome({ headers: lines(128) })).toBe('request_too_large')
  })
})

test.each(['TRACE', 'CONNECT', 'PROPFIND', 'options'])('the method %s is not used here', (method) =>
  expect(outcome({ method })).toBe('method_not_allowed'),
)
