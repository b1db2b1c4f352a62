import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newSecret, proofOf } from '../../../src/access/access.ts'
import { startHouse } from '../../unit/api/house.ts'

const file = `
models: { huggingfaceCache: false, lmStudio: false, starter: false }
profiles:
  - { name: any, aliases: [gpt-4o-mini], engine: command, command: [no-such-program, "\${port}"] }
  - { name: owner/name, engine: command, command: [no-such-program, "\${port}"] }
`
const chat = { model: 'nobody', stream: true, messages: [{ role: 'user', content: 'hello' }] }

function json(method: string, body: unknown, headers = {}): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }
}

/** A house and the ways to ask it. */
async function open() {
  const house = await startHouse({ file })
  const { url } = house.gateway
  const ask = (path: string, init: RequestInit = {}) => fetch(url + path, init)
  return {
    house,
    ask,
    json,
    /** A key's secret and id. */
    async key(wanted: object): Promise<{ secret: string; id: string }> {
      const made = await house.gateway.adminFetch(
        new Request(`${url}/admin/api/keys`, json('POST', { name: 'test', ...wanted })),
      )
      const { secret, key } = (await made.json()) as { secret: string; key: { id: string } }
      return { secret, id: key.id }
    },
    revoke: (id: string) => house.gateway.adminFetch(new Request(`${url}/admin/api/keys/${id}`, { method: 'DELETE' })),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}

/** By which a house proves who it is. */
function secretOf({ path }: { readonly path: string }): string {
  return JSON.parse(readFileSync(join(path, 'gateway.json'), 'utf8')).secret
}

describe('/v1/models', () => {
  test('one body serves the clients of both makers', async () => {
    await using doors = await open()
    const response = await doors.ask('/v1/models')
    expect(response.headers.get('x-request-id')).toMatch(/^req_/)
    expect(await response.json()).toMatchObject({
      object: 'list',
      has_more: false,
      first_id: 'any',
      last_id: 'owner/name',
      data: [
        {
          id: 'any',
          object: 'model',
          type: 'model',
          created: expect.any(Number),
          created_at: expect.stringMatching(/Z$/),
          owned_by: expect.any(String),
          display_name: 'any',
          aliases: ['gpt-4o-mini'],
          state: 'stopped',
          context_length: null,
          capabilities: ['chat', 'completion'],
        },
        { id: 'owner/name' },
      ],
    })
  })

  test('one model is found by name, by alias, and with its slash encoded or not', async () => {
    await using doors = await open()
    const idAt = async (path: string) => ((await (await doors.ask(path)).json()) as { id?: string }).id
    expect(await idAt('/v1/models/any')).toBe('any')
    expect(await idAt('/v1/models/gpt-4o-mini')).toBe('gpt-4o-mini')
    expect(await idAt('/v1/models/owner%2Fname')).toBe('owner/name')
    expect(await idAt('/v1/models/owner/name')).toBe('owner/name')
  })

  test('an unknown one is a 404 by which official clients know it', async () => {
    await using doors = await open()
    const response = await doors.ask('/v1/models/nobody')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      error: { code: 'model_not_found', type: 'invalid_request_error', param: 'model' },
    })
  })

  test('a key sees only what it may use', async () => {
    await using doors = await open()
    const { secret } = await doors.key({ models: ['gpt-4o-mini'] })
    const headers = { 'x-api-key': secret }
    expect(await (await doors.ask('/v1/models', { headers })).json()).toMatchObject({
      data: [{ id: 'any' }],
      last_id: 'any',
    })
    expect((await doors.ask('/v1/models/owner%2Fname', { headers })).status).toBe(403)
    expect((await doors.ask('/v1/models/gpt-4o-mini', { headers })).status).toBe(200)
  })

  test('HEAD is answered as GET, without the body', async () => {
    await using doors = await open()
    const response = await doors.ask('/v1/models', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})

describe('inference', () => {
  test('an unknown model is a 404 also where a stream was asked for', async () => {
    await using doors = await open()
    const response = await doors.ask('/v1/chat/completions', doors.json('POST', chat))
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'model_not_found' } })
    expect(response.headers.get('x-request-id')).toMatch(/^req_/)
  })

  test('once a key exists, each door asks for one, in either header', async () => {
    await using doors = await open()
    const { secret } = await doors.key({})
    for (const path of ['/v1/chat/completions', '/v1/completions', '/v1/completions?api-version=1']) {
      const refused = await doors.ask(path, doors.json('POST', chat))
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toBe('Bearer')
      expect((await doors.ask(path, doors.json('POST', chat, { authorization: `Bearer ${secret}x` }))).status).toBe(401)
    }
    expect((await doors.ask('/v1/models')).status).toBe(401)
    const sent = doors.json('POST', chat, { authorization: `Bearer ${secret}` })
    expect((await doors.ask('/v1/chat/completions', sent)).status).toBe(404)
  })

  test('the wrong method is told the right one', async () => {
    await using doors = await open()
    const response = await doors.ask('/v1/chat/completions')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('the admin API', () => {
  test('opens to nobody without a token, and to no key without its scope', async () => {
    await using doors = await open()
    const { secret } = await doors.key({ scopes: ['inference', 'metrics'] })
    const { secret: admin } = await doors.key({ scopes: ['admin'] })
    const asked = async (headers: Record<string, string>) => (await doors.ask('/admin/api/keys', { headers })).status
    expect(await asked({})).toBe(401)
    expect(await asked({ authorization: 'Bearer not-needed' })).toBe(401)
    expect(await asked({ authorization: `Bearer ${secret}` })).toBe(403)
    expect(await asked({ authorization: `Bearer ${admin}` })).toBe(200)
  })

  test('live events begin with a snapshot, go on as things happen, and end when the key is revoked', async () => {
    await using doors = await open()
    const { secret, id } = await doors.key({ scopes: ['admin'] })
    const authorization = { authorization: `Bearer ${secret}` }
    const live = await doors.ask('/admin/api/events', { headers: authorization })
    const profile = { name: 'new', engine: 'command', command: ['x', '${port}'] }
    await doors.ask('/admin/api/profiles', doors.json('POST', profile, authorization))
    await doors.revoke(id)
    const [first, second, ...more] = (await live.text()).trim().split('\n\n')
    expect(first).toMatch(/^id: 0\nevent: snapshot\ndata: \{"at":\d+,"servers":\{"budgetBytes":/)
    expect(second).toMatch(/^id: 1\ndata: \{"at":\d+,"type":"profile.created","profile":"new"\}$/)
    expect(more.filter((event) => !event.includes('memory.measured'))).toEqual([])
  })
})

describe('health', () => {
  test('each door of it answers without a key', async () => {
    await using doors = await open()
    await doors.key({})
    for (const path of ['/health', '/livez', '/readyz']) {
      const response = await doors.ask(path)
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
    }
  })

  test('who it is, is proved to anybody who knows the secret of its note, another one each run', async () => {
    await using doors = await open()
    await using other = await open()
    const challenge = newSecret()
    const said = await doors.ask(`/proof?challenge=${challenge}`)
    expect([said.status, await said.json()]).toEqual([200, { proof: proofOf(secretOf(doors.house), challenge) }])
    expect(secretOf(other.house)).not.toBe(secretOf(doors.house))
    for (const unfit of ['', '?challenge=short', `?challenge=${'x'.repeat(200)}`])
      expect((await doors.ask(`/proof${unfit}`)).status).toBe(400)
  })

  test('metrics are text for Prometheus, and need a key once there is one', async () => {
    await using doors = await open()
    const response = await doors.ask('/metrics')
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toMatch(/^mlx_gateway_memory_budget_bytes \d+$/m)
    const { secret } = await doors.key({ scopes: ['metrics'] })
    expect((await doors.ask('/metrics')).status).toBe(401)
    expect((await doors.ask('/metrics', { headers: { 'x-api-key': secret } })).status).toBe(200)
  })
})
