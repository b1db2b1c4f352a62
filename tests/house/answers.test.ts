/** What an answer of the gateway says beside the answer, who gets one, and how much of it a server has to say. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ask, open, say } from '../fixtures/ask.ts'
import { endless, hello } from '../fixtures/gateway/client.ts'
import { inUse } from '../fixtures/gateway/healthy.ts'
import { type House, openHouse } from '../fixtures/gateway/house.ts'

const wishes = [['a whole answer', {}] as const, ['a stream', { stream: true }] as const]

let house: House
beforeAll(async () => {
  house = await openHouse(
    [
      { name: 'first', aliases: ['nick/name'], defaults: { temperature: 0.5 }, force: { top_p: 0.9 } },
      { name: 'narrow', concurrency: 1 },
      { name: 'broken', mode: 'exit-at-once=1' },
    ],
    { scheduling: { queue: 2 } },
  )
  await house.warm('first', 'narrow')
})
afterAll(() => house[Symbol.asyncDispose]())

/** What the stand-in was last asked. */
async function lastAsked(profile: string) {
  const { requests } = await (await house.fake(profile)).seen()
  return requests.at(-1)
}

describe.each(wishes)('%s', (_, wish) => {
  const served = {
    'x-request-id': expect.stringMatching(/^req_\w+$/),
    'x-mlx-gateway-profile': 'first',
    'x-mlx-gateway-queue-ms': expect.stringMatching(/^\d+$/),
    'x-mlx-gateway-load-ms': '0',
  }

  test('says in its headers who served it, after how long, and under which number', async () => {
    const { headers, text } = await ask(house.url, '/chat/completions', { ...say('nick/name', 'hello'), ...wish })
    expect(headers).toMatchObject(served)
    expect(text).toContain('"model":"nick/name"')
  })

  test('says so where the server failed it as well', async () => {
    const { status, headers } = await house.ask({ ...say('first', 'hello. fault:status=500'), ...wish })
    expect([status, headers]).toEqual([502, expect.objectContaining(served)])
  })

  test.each([
    ['unheard-of', 404, 'model_not_found'],
    ['broken', 503, 'model_load_failed'],
  ])('that nobody can give (%s) is a %s with its number', async (model, status, code) => {
    const answer = await house.ask({ ...say(model, 'hello'), ...wish })
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
    expect(answer.headers).toMatchObject({
      'x-request-id': expect.stringMatching(/^req_\w+$/),
      'content-type': 'application/json; charset=utf-8',
    })
  })

  test('is refused at once where too many wait', async () => {
    const running = house.stream(endless('narrow'))
    await running.until('three')
    const waiting = [house.stream(say('narrow', 'hello')), house.stream(say('narrow', 'hello'))]
    const queue = async () => (await house.server('narrow'))?.waiting
    await expect.poll(queue).toBe(2)
    const began = performance.now()
    const { status, body, headers } = await house.ask({ ...say('narrow', 'hello'), ...wish })
    expect(performance.now() - began).toBeLessThan(1_000)
    expect([status, body.error.code, body.error.type]).toEqual([429, 'queue_full', 'rate_limit_error'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    running.leave()
    for (const one of waiting) expect((await one.read()).said).toBe(hello)
    await expect.poll(() => inUse(house)).toEqual([])
  })

  test('with a profile’s own parameters asks for those', async () => {
    await ask(house.url, '/chat/completions', { ...say('first', 'hello'), top_p: 0.1, max_tokens: 20, ...wish })
    const asked = await lastAsked('first')
    expect(asked?.body).toMatchObject({
      model: 'default_model',
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 20,
      stream: true,
    })
  })

  test('never lets a server load something else', async () => {
    const more = { adapters: '/etc', draft_model: 'evil/model', role_mapping: {}, api_base: 'http://evil' }
    await ask(house.url, '/chat/completions', { ...say('first', 'hello'), ...more, ...wish })
    expect(Object.keys(Object(await lastAsked('first')).body).filter((name) => name in more)).toEqual([])
  })
})

describe('log probabilities', () => {
  test.each(wishes)('are in %s, though the server tells them only in whole ones', async (_, wish) => {
    const logprobs = { logprobs: true, top_logprobs: 2 }
    const { text } = await ask(house.url, '/chat/completions', { ...say('first', 'hello'), ...logprobs, ...wish })
    expect((await lastAsked('first'))?.body).toMatchObject({ stream: false, ...logprobs })
    const bodies = 'stream' in wish ? [...text.matchAll(/^data: (\{.*)$/gm)].map(([, body]) => body) : [text]
    const tokens = bodies.flatMap((body) => JSON.parse(body ?? '').choices?.[0]?.logprobs?.content ?? [])
    expect(tokens.length).toBeGreaterThan(5)
    expect(tokens[0]).toMatchObject({ token: expect.any(String), logprob: 0, bytes: expect.anything() })
    expect(tokens[0].top_logprobs).toHaveLength(2)
  })
})

describe('a stop sequence', () => {
  test.each(wishes)('cuts %s, across tokens, and ends the generation', async (_, wish) => {
    const fake = await house.fake('first')
    const left = (await fake.seen()).requests.filter(({ leftAt }) => leftAt !== undefined).length
    const { text } = await ask(house.url, '/chat/completions', { ...endless('first', { stop: ['ee four'] }), ...wish })
    expect(text).toContain('"finish_reason":"stop"')
    expect(text).not.toContain('ee')
    const { requests } = await fake.seen({ left: left + 1, running: 0 })
    expect(requests.findLast(({ leftAt }) => leftAt !== undefined)?.tokens).toBeLessThan(1_000)
  })
})

describe('a key', () => {
  let locked: House
  beforeAll(async () => {
    locked = await openHouse([
      { name: 'first', aliases: ['nick/name'] },
      { name: 'narrow', aliases: ['thin'] },
    ])
    await locked.warm('first', 'narrow')
  })
  afterAll(() => locked[Symbol.asyncDispose]())

  const made: string[] = []
  async function key(more: object = {}): Promise<{ id: string; secret: string }> {
    const { secret, key } = await locked.admin('POST', '/keys', { name: 'test', ...more })
    made.push(secret)
    return { id: key.id, secret }
  }

  test('that is revoked ends the streams it has open, and opens no more', async () => {
    const { id, secret } = await key()
    const fake = await locked.fake('first')
    const left = (await fake.seen()).requests.filter(({ leftAt }) => leftAt !== undefined).length
    const streamed = locked.stream(endless('first'), secret)
    await streamed.until('three')
    await locked.admin('DELETE', `/keys/${id}`)
    const { done, finish, error } = await streamed.read()
    expect([done, finish, error.code]).toEqual([false, undefined, 'invalid_api_key'])
    await fake.seen({ left: left + 1, running: 0 })
    expect((await locked.ask(say('first', 'hello'), secret)).status).toBe(401)
  })

  test('that expires ends the streams it has open, and opens no more', async () => {
    const { secret } = await key({ expiresAt: Date.now() + 1_000 })
    const streamed = locked.stream(endless('first'), secret)
    const { done, finish, error } = await streamed.read()
    expect([done, finish, error]).toEqual([
      false,
      undefined,
      expect.objectContaining({ code: 'invalid_api_key', message: expect.stringContaining('expired') }),
    ])
    expect((await locked.ask(say('first', 'hello'), secret)).status).toBe(401)
  })

  test('asks for the models it may, by any of their names, and sees no others', async () => {
    const { secret } = await key({ models: ['narrow'] })
    const headers = { authorization: `Bearer ${secret}` }
    const shown = async (name: string) => (await fetch(`${locked.url}/v1/models/${name}`, { headers })).status
    for (const model of ['narrow', 'thin']) {
      expect([(await locked.ask(say(model, 'hello'), secret)).status, await shown(model)]).toEqual([200, 200])
    }
    for (const model of ['first', 'nick/name']) {
      const { status, body } = await locked.ask(say(model, 'hello'), secret)
      expect([status, body.error.code, body.error.param]).toEqual([403, 'permission_denied', 'model'])
      expect(await shown(model)).toBe(403)
    }
    const listed = JSON.parse(await (await fetch(`${locked.url}/v1/models`, { headers })).text())
    expect(listed.data.map(({ id }: { id: string }) => id)).toEqual(['narrow'])
  })

  test('is asked of everybody once there is one, in either header, and never shown again', async () => {
    const { secret } = await key()
    expect((await locked.ask(say('first', 'hello'))).status).toBe(401)
    const answer = await fetch(`${locked.url}/v1/models`, { headers: { 'x-api-key': secret } })
    expect(answer.status).toBe(200)
    const conversation = open(locked.url, '/chat/completions', say('first', 'hello'), `${secret}x`)
    onTestFinished(() => conversation.leave())
    expect((await conversation.ended).status).toBe(401)
    expect(JSON.stringify([await locked.admin('GET', '/keys'), locked.events])).not.toMatch(new RegExp(made.join('|')))
  })
})
