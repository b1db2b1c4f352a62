import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hello } from '../../fixtures/gateway/client.ts'
import { openHouse, type House } from '../../fixtures/gateway/house.ts'
import { tell } from '../../fixtures/gateway/tell.ts'
import { openHouse as openBare } from '../../unit/api/house.ts'
import { temporaryFolder, writeModel } from '../../unit/catalog/model-folder.ts'

const isTrial = ({ id }: { readonly id: string }) => id.startsWith('test_')

/** The history's row of the last trial; written down half a second after its end at the latest. */
async function lastTrial(house: House) {
  const find = async () => (await house.admin('GET', '/requests')).requests.find(isTrial)
  await expect.poll(find, { timeout: 3_000 }).toBeDefined()
  return find()
}

describe('trying a profile', () => {
  test('loads it, asks it one question, and tells how that went', async () => {
    await using house = await openHouse([{ name: 'a' }])
    const tried = await house.admin('POST', '/profiles/a/test')
    expect(tried).toMatchObject({ answer: hello, question: expect.stringMatching(/\?/), queueMs: expect.any(Number) })
    for (const measured of ['loadMs', 'firstTokenMs', 'tokens', 'tokensPerSecond', 'memoryBytes']) {
      expect([measured, tried[measured] > 0]).toEqual([measured, true])
    }
    expect(await house.server('a')).toMatchObject({ state: 'ready', active: 0 })
    const { requestId: id, tokens: completionTokens, loadMs } = tried
    const row = { id, completionTokens, loadMs, profile: 'a', endpoint: 'chat', status: 200, keyId: null }
    expect(await lastTrial(house)).toMatchObject(row)
    expect(await house.admin('POST', '/profiles/a/test')).toMatchObject({ loadMs: 0, answer: hello })
  })

  test('goes by the profile’s own parameters, and waits its turn', async () => {
    await using house = await openHouse([{ name: 'a', concurrency: 1, force: { max_tokens: 1 } }])
    await house.warm('a')
    const fake = await house.fake('a')
    await fake.fault('first-byte=400')
    const [first, second] = await Promise.all([
      house.admin('POST', '/profiles/a/test'),
      house.admin('POST', '/profiles/a/test'),
    ])
    expect([first.tokens, first.tokensPerSecond]).toEqual([1, null])
    expect(Math.max(first.queueMs, second.queueMs)).toBeGreaterThan(100)
    expect((await fake.seen()).mostRunning).toBe(1)
  })

  test('lets a model that cannot chat go on with a text, and asks none that writes no text', async () => {
    const folder = temporaryFolder()
    writeModel(join(folder, 'plain'), { 'tokenizer_config.json': {} })
    writeModel(join(folder, 'vectors'), { 'modules.json': [] })
    await using house = await openHouse([{ name: 'a' }], { models: { folders: [folder] } })
    await house.admin('POST', '/profiles', { name: 'text', model: 'plain', memory: '100MB' })
    expect(await house.admin('POST', '/profiles/text/test')).toMatchObject({ answer: expect.stringMatching(/./) })
    expect(await lastTrial(house)).toMatchObject({ endpoint: 'completion' })
    await house.admin('POST', '/profiles', { name: 'numbers', model: 'vectors', memory: '100MB' })
    expect(await tell(house, 'POST', '/profiles/numbers/test')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', message: expect.stringContaining('writes no text') } },
    })
  })

  test('fails as a client’s request would, with the same words', async () => {
    await using house = await openHouse([
      { name: 'bad', mode: 'load-fails' },
      { name: 'large', memory: '9999GB' },
    ])
    for (const name of ['bad', 'large']) {
      // what is said of the first failure is another thing than of those that follow
      await tell(house, 'POST', `/profiles/${name}/test`)
      const { status, body, headers } = await tell(house, 'POST', `/profiles/${name}/test`)
      const asked = await house.ask({ model: name, messages: [{ role: 'user', content: 'hello' }] })
      expect([name, status, body]).toEqual([name, asked.status, asked.body])
      expect(headers.get('x-should-retry')).toBe(asked.headers['x-should-retry'] ?? null)
      expect(status).toBe(503)
    }
    expect(await lastTrial(house)).toMatchObject({ profile: 'large', status: 503, error: 'insufficient_memory' })
  })

  test('says when to try again, where that is known', async () => {
    const command = ['sh', '-c', 'exit 7', '${port}']
    const supervision = { backoffMin: '30s', backoffMax: '60s', maxFailures: 1 }
    await using house = await openHouse([{ name: 'bad', engine: 'command', command }], { supervision })
    await tell(house, 'POST', '/profiles/bad/test')
    const { status, headers } = await tell(house, 'POST', '/profiles/bad/test')
    expect([status, Number(headers.get('retry-after')) > 5]).toEqual([503, true])
  })

  test('tells of an answer that breaks off', async () => {
    await using house = await openHouse([{ name: 'a' }])
    await house.warm('a')
    await (await house.fake('a')).fault('cut=2')
    expect(await tell(house, 'POST', '/profiles/a/test')).toMatchObject({
      status: 502,
      body: { error: { code: 'server_failed', message: expect.stringContaining('broke off') } },
    })
  })

  test('ends where the caller leaves', async () => {
    await using house = await openHouse([{ name: 'a' }])
    await house.warm('a')
    const fake = await house.fake('a')
    await fake.fault('slow-tokens=300')
    const leaving = new AbortController()
    const left = tell(house, 'POST', '/profiles/a/test', undefined, leaving.signal)
    await fake.seen({ running: 1, requests: 2 })
    leaving.abort()
    await expect(left).rejects.toThrow('abort')
    await fake.seen({ left: 1, running: 0 })
    expect(await lastTrial(house)).toMatchObject({ status: 499, error: 'client_left' })
    await expect.poll(() => house.server('a')).toMatchObject({ state: 'ready', active: 0 })
  })

  test('is asked in the name of the caller’s key, which may use what it may', async () => {
    await using house = await openHouse([{ name: 'a' }, { name: 'b' }])
    const { secret, key } = await house.admin('POST', '/keys', { name: 'k', scopes: ['admin'], models: ['a'] })
    const caller = { url: house.url, adminToken: secret }
    expect(await tell(caller, 'POST', '/profiles/a/test')).toMatchObject({ status: 200 })
    expect(await lastTrial(house)).toMatchObject({ keyId: key.id })
    const refused = await tell(caller, 'POST', '/profiles/b/test')
    const asked = await house.ask({ model: 'b', messages: [{ role: 'user', content: 'hello' }] }, secret)
    expect([refused.status, refused.body]).toEqual([asked.status, asked.body])
    expect(refused.status).toBeGreaterThanOrEqual(400)
  })

  test('names the nearest to one that nobody has', async () => {
    await using house = await openBare({ file: 'profiles: [{ name: small-one, model: /m }]' })
    expect(await house.tell('POST', '/profiles/smal-one/test')).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('Did you mean "small-one"?') } },
    })
  })

  test('needs no way over the network, and closes with the gateway', async () => {
    const command = [process.execPath, '-e', 'setInterval(() => {}, 1000)', '${port}']
    const profile = { name: 'slow', engine: 'command', command, memory: '10MB' }
    await using house = await openBare({ file: `profiles: [${JSON.stringify(profile)}]` })
    const asked = house.tell('POST', '/profiles/slow/test')
    await expect.poll(() => house.tell('GET', '/servers')).toMatchObject({ body: { servers: [{ state: 'starting' }] } })
    await house.gateway.close()
    expect(await asked).toMatchObject({ status: 503, body: { error: { code: 'shutting_down' } } })
  })
})
