import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hc } from 'hono/client'
import { describe, expect, test } from 'vitest'
import type { AdminApi } from '../../../src/api/admin/admin.ts'
import { openHouse } from '../../unit/api/house.ts'

const any = { name: 'any', engine: 'command', command: ['my-server', '--port', '${port}'] }

async function codeOf(response: Response): Promise<unknown[]> {
  return [response.status, await response.json()]
}

describe('profiles', () => {
  test('are made, shown, replaced under a new name, and removed', async () => {
    await using house = await openHouse()
    expect(await house.tell('POST', '/profiles', { ...any, idle: '5m', memory: '300MB' })).toMatchObject({
      status: 201,
      body: { name: 'any', origin: 'store', readOnly: false, idle: 300_000, memory: 300 * 1024 ** 2, concurrency: 8 },
    })
    expect(await house.tell('PUT', '/profiles/any', { ...any, name: 'owner/any' })).toMatchObject({ status: 200 })
    expect(await house.tell('GET', '/profiles/owner%2Fany')).toMatchObject({ status: 200, body: { name: 'owner/any' } })
    expect(await house.tell('GET', '/profiles/any')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    })
    expect(await house.tell('DELETE', '/profiles/owner%2Fany')).toEqual({ status: 200, body: { removed: 'owner/any' } })
    expect(await house.tell('GET', '/profiles/owner%2Fany')).toMatchObject({ status: 404 })
  })

  test('of the file are shown and left alone', async () => {
    await using house = await openHouse({ file: `profiles: [${JSON.stringify(any)}]` })
    expect(await house.tell('GET', '/profiles')).toMatchObject({
      body: { profiles: [{ name: 'any', origin: 'file', readOnly: true }, {}] },
    })
    expect(await house.tell('DELETE', '/profiles/any')).toMatchObject({
      status: 409,
      body: { error: { code: 'read_only' } },
    })
  })

  test('whose model is not there are taken, with a warning, and shown as not available', async () => {
    await using house = await openHouse()
    const absent = { name: 'later', model: '/no/such/volume/model' }
    const warning = expect.stringContaining('/no/such/volume/model')
    expect(await house.tell('POST', '/profiles', absent)).toMatchObject({
      status: 201,
      body: { name: 'later', available: false, reservedBytes: null, warnings: [warning] },
    })
    expect(await house.tell('PUT', '/profiles/later', { ...absent, idle: '5m' })).toMatchObject({
      status: 200,
      body: { idle: 300_000, available: false, warnings: [warning] },
    })
    expect(await house.tell('GET', '/profiles/later')).toMatchObject({
      body: { available: false, reservedBytes: null },
    })
    expect(await house.tell('PUT', '/profiles/later', { ...any, name: 'later' })).toMatchObject({
      body: { available: true, warnings: [expect.stringContaining('my-server was not found on PATH')] },
    })
    const here = { ...any, name: 'later', command: ['sh', '${port}'] }
    expect(await house.tell('PUT', '/profiles/later', here)).toMatchObject({ body: { available: true, warnings: [] } })
    expect(await house.tell('GET', '/profiles/later')).toMatchObject({ body: { available: true } })
  })

  test('that nobody has are answered with the same words everywhere, naming the nearest', async () => {
    await using house = await openHouse()
    await house.tell('POST', '/profiles', { ...any, name: 'small-one', aliases: ['gpt-4o-mini'] })
    const doors = [
      ['GET', '/profiles/NAME'],
      ['DELETE', '/profiles/NAME'],
      ['PUT', '/profiles/NAME', any],
      ['GET', '/servers/NAME/logs'],
      ['GET', '/servers/NAME/logs/follow'],
      ['POST', '/servers/NAME/stop', {}],
    ] as const
    for (const [method, path, body] of doors) {
      for (const name of ['smal-one', 'gpt-4o-mini']) {
        const message = `There is no profile called "${name}". Did you mean "small-one"? See: mlx-gateway profiles`
        const { status, body: said } = await house.tell(method, path.replace('NAME', name), body)
        expect([method, path, status, said]).toMatchObject([
          method,
          path,
          404,
          { error: { code: 'not_found', message } },
        ])
      }
    }
    expect(await house.tell('GET', '/servers/small-one/logs')).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('has had no server yet') } },
    })
  })

  test('that cannot be are refused with the field and what was meant', async () => {
    await using house = await openHouse()
    expect(await house.tell('POST', '/profiles', { ...any, comand: [] })).toMatchObject({
      status: 400,
      body: {
        error: { code: 'invalid_request', param: 'comand', message: expect.stringContaining('did you mean command?') },
      },
    })
    expect(await house.tell('POST', '/profiles', [])).toMatchObject({ status: 400 })
    await house.tell('POST', '/profiles', any)
    expect(await house.tell('POST', '/profiles', any)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    })
  })
})

describe('keys', () => {
  test('tell their secret once, and can be revoked once', async () => {
    await using house = await openHouse()
    const { status, body } = await house.tell('POST', '/keys', { name: 'laptop', models: ['small'] })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      secret: expect.stringMatching(/^mgw_/),
      key: { name: 'laptop', scopes: ['inference'], models: ['small'] },
    })
    const { body: list } = await house.tell('GET', '/keys')
    expect(list).toMatchObject({ keys: [{ name: 'laptop', revokedAt: null }] })
    expect(JSON.stringify(list)).not.toMatch(/secret|hash/)
    const id = (list as { keys: { id: string }[] }).keys[0]?.id
    expect(await house.tell('DELETE', `/keys/${id}`)).toMatchObject({ status: 200 })
    expect(await house.tell('DELETE', `/keys/${id}`)).toMatchObject({ status: 404 })
  })

  test('with a scope that there is not are refused', async () => {
    await using house = await openHouse()
    expect(await house.tell('POST', '/keys', { name: 'x', scopes: ['root'] })).toMatchObject({
      status: 400,
      body: { error: { param: 'scopes.0' } },
    })
  })
})

describe('models, engines and servers', () => {
  test('models that are not whole are shown with why, and found after a refresh', async () => {
    await using house = await openHouse({ file: 'models: { folders: [./shelf] }' })
    expect(await house.tell('GET', '/models')).toEqual({ status: 200, body: { models: [] } })
    const folder = join(house.path, 'shelf', 'half')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.json'), '{"model_type":"llama"}')
    expect(await house.tell('POST', '/models/refresh')).toMatchObject({
      body: { models: [{ id: 'half', facts: null, incomplete: { reason: expect.any(String), resumable: false } }] },
    })
  })

  test('a model can be deleted, which says what it freed; the starter also where it is not there', async () => {
    await using house = await openHouse({ file: 'models: { folders: [./shelf] }' })
    expect(await house.tell('DELETE', '/models/somebody%2Felse')).toMatchObject({ status: 404 })
    expect(await house.tell('DELETE', '/models/smollm2-135m-instruct')).toMatchObject({ status: 200 })
    const folder = join(house.path, 'shelf', 'half')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'model.safetensors'), 'x')
    await house.tell('POST', '/models/refresh')
    expect(await house.tell('DELETE', '/models/half')).toMatchObject({
      status: 200,
      body: { removed: 'half', freedBytes: expect.any(Number) },
    })
    expect(existsSync(folder)).toBe(false)
  })

  test('an installation that fails says so as the last event', async () => {
    await using house = await openHouse()
    const response = await house.ask('POST', '/engines/llama/install')
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toMatch(/^event: error\ndata: \{"error":\{"message":"There is no engine .*\}\n\n$/)
    expect(await house.tell('GET', '/engines')).toMatchObject({
      body: { engines: [{ name: 'mlx-lm', state: 'not installed' }] },
    })
  })

  test('a server that never was has no log, and an unknown profile cannot be started', async () => {
    await using house = await openHouse()
    expect(await house.tell('GET', '/servers')).toMatchObject({ body: { reservedBytes: 0, servers: [] } })
    expect(await house.tell('GET', '/servers/nobody/logs')).toMatchObject({ status: 404 })
    expect(await house.tell('POST', '/servers/nobody/start')).toMatchObject({
      status: 404,
      body: { error: { code: 'model_not_found' } },
    })
  })

  test('the server of a profile that was removed is shown no more once it does not run', async () => {
    await using house = await openHouse()
    await house.tell('POST', '/profiles', { ...any, command: ['no-such-program', '${port}'] })
    await house.tell('POST', '/servers/any/start')
    expect(await house.tell('GET', '/servers')).toMatchObject({
      body: { servers: [{ profile: 'any', state: 'failed' }] },
    })
    await house.tell('DELETE', '/profiles/any')
    expect(await house.tell('GET', '/servers')).toMatchObject({ body: { servers: [] } })
    expect(await house.tell('GET', '/servers/any/logs')).toMatchObject({ status: 404 })
  })

  test('a server that fails to start shows why, and stops being retried until asked', async () => {
    await using house = await openHouse({
      file: `profiles: [${JSON.stringify({ ...any, command: ['no-such-program', '${port}'] })}]`,
    })
    expect(await house.tell('POST', '/servers/any/start')).toMatchObject({
      body: { error: { message: expect.stringContaining('no-such-program') } },
    })
    expect(await house.tell('GET', '/servers')).toMatchObject({
      body: { servers: [{ profile: 'any', state: 'failed', failure: { failures: 1, reason: expect.any(String) } }] },
    })
    expect((await house.tell('POST', '/servers/any/retry')).status).toBeGreaterThanOrEqual(500)
    expect(await house.tell('POST', '/servers/any/stop', { now: true })).toMatchObject({ status: 200 })
  })
})

describe('the rest', () => {
  test('finished requests are asked for within bounds', async () => {
    await using house = await openHouse()
    expect(await house.tell('GET', '/requests?limit=5&profile=small')).toEqual({ status: 200, body: { requests: [] } })
    expect(await house.tell('GET', '/requests?limit=5000')).toMatchObject({
      status: 400,
      body: { error: { param: 'limit' } },
    })
  })

  test('what is not JSON, too large or nowhere gets an error in the one shape', async () => {
    await using house = await openHouse()
    const post = (body: string, headers = {}) =>
      house.gateway.adminFetch(
        new Request('http://localhost/admin/api/profiles', {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json', ...headers },
        }),
      )
    expect(await codeOf(await post('{'))).toMatchObject([400, { error: { code: 'invalid_json' } }])
    expect(await codeOf(await post('{}', { 'content-length': '2000000' }))).toMatchObject([
      413,
      { error: { code: 'request_too_large' } },
    ])
    expect(await house.tell('GET', '/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
  })

  test('the typed client reaches a profile with a slash in its name, where it is encoded for it', async () => {
    await using house = await openHouse()
    await house.tell('POST', '/profiles', { ...any, name: 'owner/any' })
    const client = hc<AdminApi>('http://localhost/admin/api', {
      fetch: (input: string | URL | Request, init?: RequestInit) => house.gateway.adminFetch(new Request(input, init)),
    })
    const response = await client.profiles[':name'].$get({ param: { name: encodeURIComponent('owner/any') } })
    expect(await response.json()).toMatchObject({ name: 'owner/any' })
  })
})
