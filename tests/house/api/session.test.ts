/** Signing in to the admin page and out of it, at a gateway as it is asked over HTTP. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startGateway } from '../../../src/gateway.ts'
import { visit, type Visitor } from '../../fixtures/visitor.ts'
import { configOf, quiet, startHouse, temporaryFolder } from '../../unit/api/house.ts'

const file = 'models: { huggingfaceCache: false, lmStudio: false, starter: false }\nauth: { required: true }'

async function open() {
  const house = await startHouse({ file })
  const { url } = house.gateway
  return {
    house,
    url,
    token: tokenIn(house.path),
    visit: (headers?: Record<string, string>) => visit(url, headers),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}

const tokenIn = (path: string) => readFileSync(join(path, 'admin-token'), 'utf8').trim()
const signIn = (visitor: Visitor, shown: object) => visitor.tell('POST', '/admin/api/session', shown)
const statusOf = async (visitor: Visitor, path: string, init?: RequestInit) => (await visitor.ask(path, init)).status
const refusal = (status: number, code: string, words = '') => ({
  status,
  body: { error: { code, message: expect.stringContaining(words) } },
})

async function codeOf(visitor: Visitor): Promise<{ code: string }> {
  const { status, body } = await visitor.tell('POST', '/admin/api/session/code')
  expect(status).toBe(201)
  return { code: (body as { code: string }).code }
}

describe('the admin token', () => {
  test('becomes a cookie that no script can read and no other site’s request carries', async () => {
    await using doors = await open()
    const me = doors.visit()
    const { status, body } = await signIn(me, { token: doors.token })
    expect([status, body]).toEqual([200, { expiresAt: expect.any(Number) }])
    expect(me.said).toMatch(
      /^mlx_gateway_session=[\w-]{43}; Max-Age=25(?:92000|91\d{3}); Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(await me.tell('GET', '/admin/api/session')).toEqual({
      status: 200,
      body: { name: 'admin', expiresAt: (body as { expiresAt: number }).expiresAt },
    })
  })

  test('becomes a cookie for https alone where the browser speaks it', async () => {
    await using doors = await open()
    const me = doors.visit({ origin: doors.url.replace('http:', 'https:') })
    await signIn(me, { token: doors.token })
    expect(me.said).toMatch(/; Secure(?:;|$)/)
    const forwarded = doors.visit({ 'x-forwarded-proto': 'https' })
    await signIn(forwarded, { token: doors.token })
    expect(forwarded.said).not.toContain('Secure')
  })

  test('in a header is somebody, too, and signs nobody out', async () => {
    await using doors = await open()
    const me = doors.visit({ authorization: `Bearer ${doors.token}` })
    expect(await me.tell('GET', '/admin/api/session')).toEqual({
      status: 200,
      body: { name: 'admin', expiresAt: null },
    })
    expect(await me.tell('DELETE', '/admin/api/session')).toEqual({ status: 200, body: { signedOut: 0 } })
  })

  test('that is wrong lets nobody in, and after ten of them comes a pause that a link does not know', async () => {
    await using doors = await open()
    const [me, owner] = [doors.visit(), doors.visit({ authorization: `Bearer ${doors.token}` })]
    for (let i = 0; i < 10; i++)
      expect(await signIn(me, { token: `wrong ${i}` })).toMatchObject(refusal(401, 'invalid_api_key', 'admin-token'))
    const paused = await me.ask('/admin/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: doors.token }),
    })
    expect(paused.status).toBe(429)
    expect(Number(paused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(await paused.json()).toMatchObject({ error: { code: 'too_many_attempts', type: 'rate_limit_error' } })
    expect(me.cookie).toBe('')
    expect(await signIn(me, await codeOf(owner))).toMatchObject({ status: 200 })
  })

  test.each([{}, { token: 'a', code: 'b' }, { token: 1 }])('sent as %o is not understood', async (shown) => {
    await using doors = await open()
    expect(await signIn(doors.visit(), shown)).toMatchObject(refusal(400, 'invalid_request', '"token"'))
  })
})

describe('a one-time link', () => {
  test('signs in once, and is made for nobody who is not signed in', async () => {
    await using doors = await open()
    expect(await doors.visit().tell('POST', '/admin/api/session/code')).toMatchObject({ status: 401 })
    const code = await codeOf(doors.visit({ authorization: `Bearer ${doors.token}` }))
    const [first, second] = [doors.visit(), doors.visit()]
    expect(await signIn(first, code)).toMatchObject({ status: 200 })
    expect(await statusOf(first, '/admin/api/servers')).toBe(200)
    expect(await signIn(second, code)).toMatchObject(refusal(401, 'invalid_api_key', 'mlx-gateway admin'))
    expect([second.cookie, await statusOf(second, '/admin/api/servers')]).toEqual(['', 401])
  })

  test('is what the gateway hands out to print', async () => {
    await using doors = await open()
    expect(await signIn(doors.visit(), { code: doors.house.gateway.makeCode() })).toMatchObject({ status: 200 })
  })
})

describe('the cookie', () => {
  test('opens the admin API, /v1 and the metrics', async () => {
    await using doors = await open()
    const me = doors.visit()
    for (const path of ['/admin/api/keys', '/v1/models', '/metrics']) expect(await statusOf(me, path)).toBe(401)
    await signIn(me, { token: doors.token })
    for (const path of ['/admin/api/keys', '/v1/models', '/metrics']) expect(await statusOf(me, path)).toBe(200)
    const asked = { model: 'nobody', messages: [{ role: 'user', content: 'hello' }] }
    expect(await me.tell('POST', '/v1/chat/completions', asked)).toMatchObject(refusal(404, 'model_not_found'))
  })

  test('that is good no more is told to sign in again', async () => {
    await using doors = await open()
    const stale = doors.visit({ cookie: 'mlx_gateway_session=stale' })
    expect(await stale.tell('GET', '/admin/api/session')).toMatchObject(
      refusal(401, 'invalid_api_key', 'Sign in again'),
    )
    expect(await statusOf(stale, '/v1/models')).toBe(401)
  })

  test('is worth nothing in the hands of a foreign page, be it one of this machine or one that may call /v1', async () => {
    const folder = temporaryFolder()
    using _ = folder
    const allowing = `${file}\nserver: { allowedOrigins: ['http://localhost:3000'] }`
    await using gateway = await startGateway(configOf(folder.path, { file: allowing }), quiet())
    const me = visit(gateway.url)
    await signIn(me, { token: tokenIn(folder.path) })
    const { cookie } = me
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"x"}' }
    for (const headers of [
      { origin: 'http://localhost:3000' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const foreign = visit(gateway.url, { ...headers, cookie })
      expect([headers, await statusOf(foreign, '/admin/api/keys', post)]).toEqual([headers, 403])
      expect([headers, await statusOf(foreign, '/admin/api/sessions', { method: 'DELETE' })]).toEqual([headers, 403])
      expect([headers, await statusOf(foreign, '/admin/api/servers')]).toEqual([headers, 403])
    }
    const allowed = visit(gateway.url, { origin: 'http://localhost:3000', cookie })
    expect(await statusOf(allowed, '/v1/models')).toBe(401)
    expect(await statusOf(me, '/v1/models')).toBe(200)
    expect(await me.tell('GET', '/admin/api/keys')).toEqual({ status: 200, body: { keys: [] } })
  })

  test('outlasts the gateway, which keeps nothing of it that would let anybody in', async () => {
    using folder = temporaryFolder()
    const log: string[] = []
    const start = () => startGateway(configOf(folder.path, { file }), quiet(log))
    const first = await start()
    const me = visit(first.url)
    await signIn(me, { token: tokenIn(folder.path) })
    const { cookie } = me
    await first[Symbol.asyncDispose]()
    await using second = await start()
    const again = visit(second.url, { cookie })
    expect(await statusOf(again, '/admin/api/servers')).toBe(200)
    const [, secret = ''] = cookie.split('=')
    const files = readdirSync(folder.path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
    const kept = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    expect(files.map(({ name }) => name)).toContain('gateway.db')
    expect(kept.filter((text) => text.includes(secret))).toEqual([])
    expect(log.filter((line) => line.includes(secret))).toEqual([])
  })
})

describe('signing out', () => {
  test('here takes the cookie back and is over at once, here alone', async () => {
    await using doors = await open()
    const [here, there] = [doors.visit(), doors.visit()]
    for (const visitor of [here, there]) await signIn(visitor, { token: doors.token })
    const { cookie } = here
    expect(await here.tell('DELETE', '/admin/api/session')).toEqual({ status: 200, body: { signedOut: 1 } })
    expect([here.cookie, here.said]).toEqual(['', expect.stringContaining('Max-Age=0')])
    expect(await statusOf(doors.visit({ cookie }), '/admin/api/servers')).toBe(401)
    expect(await statusOf(there, '/admin/api/servers')).toBe(200)
  })

  test('everywhere ends each session and the event streams that are open', async () => {
    await using doors = await open()
    const [here, there] = [doors.visit(), doors.visit()]
    for (const visitor of [here, there]) await signIn(visitor, { token: doors.token })
    const live = await Promise.all([here, there].map((visitor) => visitor.ask('/admin/api/events')))
    const byToken = await doors.visit({ authorization: `Bearer ${doors.token}` }).ask('/admin/api/events')
    expect(await here.tell('DELETE', '/admin/api/sessions')).toEqual({ status: 200, body: { signedOut: 2 } })
    expect(here.cookie).toBe('')
    for (const stream of live) expect(await stream.text()).toContain('event: snapshot')
    expect([await statusOf(here, '/admin/api/servers'), await statusOf(there, '/admin/api/servers')]).toEqual([
      401, 401,
    ])
    const reader = byToken.body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    await reader?.cancel()
  })
})
