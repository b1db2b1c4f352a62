/** Bodies of every size and shape: each gets an answer, and those that are no use a clear one. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ask, open, say } from '../fixtures/ask.ts'
import { endless, hello } from '../fixtures/gateway/client.ts'
import { expectHealthy, inUse } from '../fixtures/gateway/healthy.ts'
import { type House, openHouse } from '../fixtures/gateway/house.ts'

const megabyte = 1024 ** 2

let house: House
beforeAll(async () => {
  house = await openHouse([{ name: 'first' }, { name: 'second' }, { name: 'foreign', engine: 'command' }])
  await house.warm('first', 'second')
})
afterAll(() => house[Symbol.asyncDispose]())

/** A body of 30 MB. */
const large = (before: string, piece: string, after = '') =>
  Buffer.concat([Buffer.from(before), Buffer.alloc(30 * megabyte, piece), Buffer.from(after)])
/** A chat with so many bytes in front of what is asked. */
const long = (profile: string, bytes: number, more: object = {}) => {
  const { messages, ...rest } = say(profile, 'hello', more)
  return { ...rest, messages: [{ role: 'system', content: 'x'.repeat(bytes) }, ...messages] }
}

describe('30 megabytes', () => {
  const list = '{"model":"first","messages":['
  test.each<[string, Buffer, code: string, param: string | null]>([
    ['of opening brackets', large('', '['), 'invalid_request', null],
    ['of opening brackets in a field', large(list, '['), 'invalid_request', 'messages'],
    ['of objects in objects', large('{"model":"first","tools":', '{"a":'), 'invalid_request', 'tools'],
    ['of empty objects', large(list, '{},', '{}]}'), 'invalid_request', 'messages'],
    ['of empty lists', large(list, '[],', '[]]}'), 'invalid_request', 'messages'],
    ['of numbers', large(list, '0,', '0]}'), 'invalid_request', 'messages'],
    ['of texts', large(list, '"",', '""]}'), 'invalid_request', 'messages'],
    ['of names', large('{"model":"first","metadata":{', '"a":0,', '"a":0}}'), 'invalid_request', 'metadata'],
    ['of one number', large('{"model":"first","seed":', '7', '}'), 'invalid_request', 'seed'],
    ['of one name', large('{"model":"', 'x', '"}'), 'invalid_request', 'model'],
    [
      'of one field’s name',
      large('{"model":"first","messages":[],"', 'x', `":${'['.repeat(200)}`),
      'invalid_request',
      `${'x'.repeat(100)}…`,
    ],
    ['of a text without an end', large('{"model":"first","messages":"', '\\"'), 'invalid_json', null],
    ['of nothing', large('', ' '), 'invalid_json', null],
    ['of no text at all', large('', '\xff'), 'invalid_json', null],
  ])('%s are refused in few words', async (_, body, code, param) => {
    const { status, text } = await ask(house.url, '/chat/completions', body)
    expect([status, JSON.parse(text).error]).toEqual([400, expect.objectContaining({ code, param })])
    expect(text.length).toBeLessThan(600)
  })

  test('of objects in a text that is to be parsed are refused by name', async () => {
    const called = { name: 'f', arguments: `{"a":[${'{},'.repeat(10 * megabyte)}{}]}` }
    const calling = { role: 'assistant', content: '', tool_calls: [{ id: 'x', type: 'function', function: called }] }
    const { messages, ...rest } = say('first', 'hello')
    const { status, body } = await house.ask({ ...rest, messages: [...messages, calling] })
    expect([status, body.error.param]).toEqual([400, 'messages[1].tool_calls[0].function.arguments'])
  })

  afterEach(() => expectHealthy(house, 'first', 'second'))
})

test.each(['first', 'foreign'])('a long conversation reaches the server of %s as it is', async (profile) => {
  const asked = long(profile, megabyte)
  expect((await house.ask(asked)).text).toContain(hello)
  const { requests } = await (await house.fake(profile)).seen()
  expect(Object(requests.at(-1)?.body).messages).toEqual(asked.messages)
})

describe('bodies that are too large together', () => {
  let crowded: House
  beforeAll(async () => {
    crowded = await openHouse([{ name: 'first' }, { name: 'narrow', concurrency: 1 }], {
      server: { maxBody: '2MB', maxBodies: '2500KB' },
      timeouts: { heartbeat: '200ms' },
    })
    await crowded.warm('first', 'narrow')
  })
  afterAll(() => crowded[Symbol.asyncDispose]())

  test('are turned away for a moment, while others are being answered or wait to be', async () => {
    const running = crowded.stream({ ...endless('narrow'), padding: 'x'.repeat(megabyte) })
    await running.until('three')
    const waiting = crowded.stream(long('narrow', megabyte))
    await waiting.until(': queued')
    const { status, headers, body } = await crowded.ask(long('first', megabyte))
    expect([status, headers['retry-after'], body.error.code, body.error.type]).toEqual([
      429,
      '1',
      'queue_full',
      'rate_limit_error',
    ])
    expect(body.error.message).toContain('server.maxBodies')
    expect((await crowded.ask(say('first', 'hello'))).status).toBe(200)
    running.leave()
    expect((await waiting.read()).said).toBe(hello)
    await expect.poll(() => inUse(crowded)).toEqual([])
    expect((await crowded.ask(long('first', 1.9 * megabyte))).status).toBe(200)
  })

  test('are each answered one way or the other where they come at once', async () => {
    const sent = Array.from({ length: 20 }, () => open(crowded.url, '/chat/completions', long('first', megabyte)))
    const said = await Promise.all(sent.map(({ ended }) => ended))
    expect(new Set(said.map(({ status }) => status))).toEqual(new Set([200, 429]))
    await expectHealthy(crowded, 'first', 'narrow')
  })
})

describe('a name of thousands of characters', () => {
  const name = 'x'.repeat(5000)

  test.each(['/chat/completions', '/completions'])('is refused at %s, and told to nobody', async (path) => {
    const { status, text } = await ask(house.url, path, { ...say(name, 'hello'), prompt: 'x' })
    expect([status, JSON.parse(text).error]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_request', param: 'model' }),
    ])
    await house.ask(say('first', 'hello'))
    expect(JSON.stringify([text, house.events])).not.toContain('x'.repeat(200))
  })

  test.each([name, `${name}/${name}`, encodeURIComponent(`${name}/x`)])(
    'is refused where one model is shown',
    async (path) => {
      const answer = await fetch(`${house.url}/v1/models/${path}`)
      expect([answer.status, JSON.parse(await answer.text()).error]).toEqual([
        400,
        expect.objectContaining({ param: 'model' }),
      ])
    },
  )
})

describe('a whole answer that the server cannot give piece by piece', () => {
  let slow: House
  beforeAll(async () => {
    slow = await openHouse([{ name: 'first' }], { timeouts: { firstByte: '1s', whole: '4s' } })
    await slow.warm('first')
  })
  afterAll(() => slow[Symbol.asyncDispose]())

  test('may take longer than the first word of a stream', async () => {
    const asked = say('first', 'hello. fault:slow-tokens=200', { logprobs: true, top_logprobs: 1 })
    const { status, body } = await slow.ask(asked)
    expect([status, body.choices?.[0].logprobs.content.length]).toEqual([200, 10])
  })

  test('but not for ever, and a server that gave nobody anything meanwhile is replaced', async () => {
    const { status, body } = await slow.ask({ ...endless('first'), logprobs: true })
    expect([status, body.error.code]).toEqual([504, 'server_timeout'])
    expect((await slow.ask(say('first', 'hello'))).status).toBe(200)
    expect(slow.started('first')).toHaveLength(2)
  })
})
