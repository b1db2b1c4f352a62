/** Generations that go on at a server after their client has left: mlx_lm.server notices a departure only when it writes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { endless, hello } from '../fixtures/gateway/client.ts'
import { inUse } from '../fixtures/gateway/healthy.ts'
import { type House, openHouse } from '../fixtures/gateway/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse(
    [
      { name: 'narrow', concurrency: 1 },
      { name: 'other', engine: 'command' },
    ],
    {
      memory: { budget: '150MB' },
    },
  )
  await house.warm('narrow')
})
afterAll(() => house[Symbol.asyncDispose]())

/** Asks, and leaves when the server has made a few tokens; resolves when the server has been told. */
async function leave(body: object) {
  const fake = await house.fake('narrow')
  const { requests } = await fake.seen()
  const asked = house.stream({ ...body, stream: 'stream' in body ? body.stream : true })
  await fake.seen({ requests: requests.length + 1, tokens: tokensOf(requests) + 20 })
  const leftAt = Date.now()
  asked.leave()
  const left = requests.filter((request) => request.leftAt !== undefined).length
  const seen = await fake.seen({ left: left + 1 })
  expect(Number(seen.requests.at(-1)?.leftAt) - leftAt).toBeLessThan(1_000)
  return { fake, seen, number: requests.length }
}

function tokensOf(requests: readonly { readonly tokens: number }[]): number {
  return requests.reduce((sum, { tokens }) => sum + tokens, 0)
}

const silent = (tokens: number, more: object = {}) =>
  say('narrow', 'count. fault:wordless', { max_tokens: tokens, ...more })

describe('a generation without a word', () => {
  test.each([
    ['a stream', {}],
    ['a whole answer with log probabilities, which the server does not stream', { stream: false, logprobs: true }],
  ])('whose client leaves keeps its place until it has ended: %s', async (_, wish) => {
    const { fake, seen, number } = await leave(silent(400, wish))
    expect(seen.running).toBe(1)
    expect(await house.server('narrow')).toMatchObject({ active: 1 })
    const next = await house.ask(say('narrow', 'hello'))
    expect(next.body.choices[0].message.content).toBe(hello)
    const { requests } = await fake.seen()
    expect(requests[number]?.tokens).toBe(400)
    expect(Number(requests[number + 1]?.startedAt)).toBeGreaterThanOrEqual(Number(requests[number]?.endedAt))
    await expect.poll(() => inUse(house)).toEqual([])
  })

  test('is ended by its next word', async () => {
    const { fake, number } = await leave(say('narrow', 'count. fault:wordless=200', { max_tokens: 30_000 }))
    const { requests } = await fake.seen({ running: 0 })
    expect(requests[number]?.state).toBe('cut')
    expect(requests[number]?.tokens).toBeLessThan(250)
    expect((await house.ask(say('narrow', 'hello'))).status).toBe(200)
  })

  test('never stands in the way of another model', async () => {
    await leave(silent(30_000))
    const evicted = house.next('profile.evicted', 'narrow')
    expect((await house.ask(say('other', 'hello'))).status).toBe(200)
    expect(await evicted).toMatchObject({ for: 'other' })
    await expect.poll(() => inUse(house)).toEqual([])
  })
})

test('a generation that speaks gives its place back as soon as it is told to stop', async () => {
  await house.warm('narrow')
  const { fake, number } = await leave(endless('narrow'))
  const { requests } = await fake.seen({ running: 0 })
  expect(requests[number]?.state).toBe('cut')
  await expect.poll(() => inUse(house)).toEqual([])
})
