import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { LiveEvent } from '../../src/api/admin/admin.ts'
import { say } from '../fixtures/ask.ts'
import { endless } from '../fixtures/gateway/client.ts'
import { furnish } from '../fixtures/gateway/furnish.ts'
import { inUse } from '../fixtures/gateway/healthy.ts'
import { openFurnished, openHouse, type House } from '../fixtures/gateway/house.ts'

let house: House

beforeAll(async () => {
  house = await openHouse(
    [
      { name: 'first', memory: '200MB' },
      { name: 'narrow', memory: '200MB', concurrency: 1 },
      { name: 'slow', memory: '400MB', mode: 'slow-load=1500' },
    ],
    { memory: { budget: '500MB' }, timeouts: { heartbeat: '50ms' } },
  )
})

afterAll(() => house[Symbol.asyncDispose]())

/** The events of one request, as `request.changed` told them. */
function phasesOf(events: readonly LiveEvent[], model: string): string[] {
  return events.flatMap((event) =>
    event.type === 'request.changed' && event.request.model === model ? [event.request.phase] : [],
  )
}

const isOf = (profile: string) => (event: Extract<LiveEvent, { type: 'server.changed' }>) =>
  event.server.profile === profile

/** A request under way, once the page would know of it. */
async function live(model: string, phase: string) {
  const fits = (event: Extract<LiveEvent, { type: 'request.changed' }>) =>
    event.request.model === model && event.request.phase === phase
  return (await house.until('request.changed', fits, house.events.length)).request
}

describe('whoever begins to watch', () => {
  test('is shown the servers, the memory, the requests under way and what happened lately', async () => {
    await house.warm('first')
    const streamed = house.stream(endless('first'))
    await streamed.until('three')
    await using watcher = await house.watch()
    const { at, servers, memory, downloads, requests, recent } = watcher.snapshot
    expect(Math.abs(at - Date.now())).toBeLessThan(60_000)
    expect(servers.servers).toMatchObject([{ profile: 'first', state: 'ready', active: 1, contextLength: 2048 }])
    expect(memory).toMatchObject({ budgetBytes: 500 * 1024 ** 2, availableBytes: expect.any(Number) })
    expect(memory.totalBytes).toBeGreaterThan(memory.otherBytes ?? Infinity)
    expect(downloads).toEqual([])
    expect(requests).toMatchObject([{ model: 'first', profile: 'first', phase: 'decode', keyName: null, stream: true }])
    expect(requests[0]?.tokens).toBeGreaterThan(2)
    const told = recent.map(({ event }) => event.type)
    expect(told.slice(0, 3)).toEqual(['gateway.started', 'profile.loading', 'server.ready'])
    streamed.leave()
    await expect.poll(() => inUse(house)).toEqual([])
  })

  test('hears of everything with its time, and of each server whole', async () => {
    const from = house.events.length
    await house.warm('first')
    const server = await house.server('first')
    const shown = () => house.events.findLast((event) => event.type === 'server.changed' && isOf('first')(event))
    // as last told: times and sizes that hardly differ are not told anew
    const about = { lastUsed: expect.any(Number), unloadAt: expect.any(Number), memoryBytes: expect.anything() }
    await expect.poll(shown).toMatchObject({ server: { ...server, ...about } })
    for (const event of house.events.slice(from)) expect(event.at).toBeGreaterThan(1.6e12)
  })

  test('hears how quick its answers are, and how long its load took', async () => {
    const { server } = await house.until('server.changed', (event) => event.server.tokensPerSecond !== null)
    expect(server.tokensPerSecond).toBeGreaterThan(0)
    expect([server.usualLoadMs, server.firstTokenMs]).toEqual([server.loadMs, expect.any(Number)])
  })

  test('hears that a server is there no more', async () => {
    const command = { name: 'brief', memory: '1MB', engine: 'command', command: ['no-such-program', '${port}'] }
    await house.admin('POST', '/profiles', command)
    await failToStart(house, 'brief')
    await house.until('server.changed', isOf('brief'))
    await house.admin('DELETE', '/profiles/brief')
    await house.until('server.gone', ({ profile }) => profile === 'brief')
    expect(await house.server('brief')).toBeUndefined()
  })

  test('hears what was unloaded for whom, what it held and how long that took', async () => {
    await house.warm('first')
    await house.until('server.measured', ({ profile }) => profile === 'first')
    await house.warm('slow')
    const { freedBytes, ms, ...evicted } = await house.until('profile.evicted', ({ profile }) => profile === 'first')
    expect(evicted).toMatchObject({ for: 'slow', reservedBytes: 200 * 1024 ** 2, idleMs: expect.any(Number) })
    expect([freedBytes, ms].every((number) => Number(number) > 0)).toBe(true)
  })
})

describe('a request is followed', () => {
  test('from its place in the queue through the load to its tokens, and what was in its way is kept', async () => {
    await house.warm('narrow')
    const from = house.events.length
    const before = house.stream(endless('narrow'))
    await before.until('three')
    const asked = house.stream(say('slow', 'count. fault:prefill=6 fault:prefill-ms=100', { max_tokens: 600 }))
    expect(await live('slow', 'queued')).toMatchObject({ position: 1, waitedFor: ['narrow'], tokens: null })
    before.leave()
    const loading = await live('slow', 'loading')
    expect(loading.estimateMs).toBeGreaterThan(0)
    expect(loading.queueMs).toBeGreaterThan(0)
    const decoding = await live('slow', 'decode')
    expect([decoding.loadMs > 1_000, decoding.prefillMs > 0, decoding.position]).toEqual([true, true, null])
    const more = await live('slow', 'decode')
    expect(Number(more.tokens)).toBeGreaterThan(Number(decoding.tokens))
    expect((await asked.read()).done).toBe(true)
    const { record } = await house.until('request.ended', (event) => event.record.id === more.id, from)
    expect(record).toMatchObject({ model: 'slow', waitedFor: ['narrow'], keyName: null, error: null })
    expect(new Set(phasesOf(house.events.slice(from), 'slow'))).toEqual(
      new Set(['queued', 'loading', 'prefill', 'decode']),
    )
    expect(await recordOf(more.id)).toEqual(record)
  })

  test('and the tokens of all its choices count', async () => {
    const from = house.events.length
    await house.ask(say('slow', 'count', { n: 2, max_tokens: 600 }))
    const counts = house.events
      .slice(from)
      .flatMap((event) => (event.type === 'request.changed' ? (event.request.tokens ?? []) : []))
    expect(counts).toEqual(counts.toSorted((one, other) => one - other))
    expect(counts.at(-1)).toBeGreaterThan(600)
  })

  test('and is not told of again once it has ended', async () => {
    const from = house.events.length
    await Promise.all(Array.from({ length: 20 }, () => house.ask(say('slow', 'hello'))))
    await expect
      .poll(() => house.events.slice(from).filter(({ type }) => type === 'request.ended').length >= 20)
      .toBe(true)
    for (const pinned of [true, false]) {
      await house.admin('POST', '/servers/slow/pin', { pinned })
      await house.until('server.changed', (event) => isOf('slow')(event) && event.server.pinned === pinned, from)
    }
    const ended = new Set<string>()
    const revived = house.events.slice(from).filter((event) => {
      if (event.type === 'request.ended') ended.add(event.record.id)
      return event.type === 'request.changed' && ended.has(event.request.id)
    })
    expect(revived).toEqual([])
  })
})

describe('a request that an administrator cancels', () => {
  const cancelled = {
    code: 'request_cancelled',
    type: 'server_error',
    message: expect.stringContaining('administrator'),
  }

  test('while it is queued never reaches a server, and its client is told', async () => {
    await house.warm('narrow')
    const running = house.stream(endless('narrow'))
    await running.until('three')
    const asked = house.ask(say('narrow', 'hello'))
    const { id } = await live('narrow', 'queued')
    expect(await house.admin('POST', `/requests/${id}/cancel`)).toEqual({ cancelled: id })
    expect(await asked).toMatchObject({ status: 499, body: { error: cancelled } })
    expect(await recordOf(id)).toMatchObject({ status: 499, error: 'request_cancelled', waitedFor: ['narrow'] })
    running.leave()
    await expect.poll(() => inUse(house)).toEqual([])
  })

  test('while its server loads is told with an event, and the load goes on', async () => {
    if ((await house.server('slow'))?.state === 'ready') await house.admin('POST', '/servers/slow/stop', {})
    const ready = house.next('server.ready', 'slow')
    const asked = house.stream(say('slow', 'hello'))
    await asked.until(': loading')
    await cancelOnly()
    const { status, error, done } = await asked.read()
    expect([status, error, done]).toEqual([200, { ...cancelled, param: null }, false])
    await ready
    await expect.poll(() => inUse(house)).toEqual([])
  })

  test('while its prompt is read, or while it is answered, gives its place back', async () => {
    await house.warm('narrow')
    for (const script of ['hello. fault:prefill=600 fault:prefill-ms=50', 'count']) {
      const asked = house.stream(say('narrow', script, { max_tokens: 30_000 }))
      await asked.until(script === 'count' ? 'three' : ': reading the prompt')
      const id = await cancelOnly()
      const { error, done } = await asked.read()
      expect([error, done]).toEqual([{ ...cancelled, param: null }, false])
      await expect.poll(() => inUse(house)).toEqual([])
      expect(await recordOf(id)).toMatchObject({ error: 'request_cancelled' })
    }
  })

  test('asked for as a whole, is answered with an error', async () => {
    const asked = house.ask(endless('narrow'))
    await live('narrow', 'decode')
    await cancelOnly()
    expect(await asked).toMatchObject({ status: 499, body: { error: cancelled } })
    await expect.poll(() => inUse(house)).toEqual([])
  })

  test('after its end is said to be under way no more', async () => {
    await house.ask(say('narrow', 'hello'))
    const { requests } = await history('?limit=1')
    await expect(house.admin('POST', `/requests/${requests[0]?.id}/cancel`)).rejects.toThrow('not_found')
  })

  test('is found among the failed, by its key', async () => {
    const { secret, key } = await house.admin('POST', '/keys', { name: 'laptop' })
    const asked = house.ask(endless('narrow'), secret)
    expect(await live('narrow', 'decode')).toMatchObject({ keyId: key.id, keyName: 'laptop' })
    const id = await cancelOnly()
    await asked
    expect(await recordOf(id)).toMatchObject({ keyName: 'laptop' })
    expect((await history('?model=NARRO')).requests.map((request) => request.id)).toContain(id)
    const ids = async (query: string) => (await history(query)).requests.map((request) => request.id)
    expect(await ids(`?key=${key.id}&status=failed`)).toEqual([id])
    expect(await ids(`?key=${key.id}&status=ok`)).toEqual([])
  })
})

/** Cancels the one request under way. */
async function cancelOnly(): Promise<string> {
  const { requests } = await house.admin('GET', '/requests/live')
  expect(requests).toHaveLength(1)
  const [{ id }] = requests
  await house.admin('POST', `/requests/${id}/cancel`)
  return id
}

async function history(query: string): Promise<{ requests: { id: string }[] }> {
  return house.admin('GET', `/requests${query}`)
}

/** From the history, once it is there. */
async function recordOf(id: string): Promise<unknown> {
  const find = async () => (await history('')).requests.find((request) => request.id === id)
  await expect.poll(find, { timeout: 3_000 }).toBeDefined()
  return find()
}

/** Then there is a server, though a failed one. */
async function failToStart(at: House, profile: string): Promise<void> {
  await at.admin('POST', `/servers/${profile}/start`).catch(() => {})
}

describe('a server that a person pins', () => {
  test('is told of as pinned, stays beyond its time, and goes once it is unpinned', async () => {
    const racing = await openHouse([
      { name: 'brief', idle: '150ms' },
      { name: 'other', idle: '150ms' },
    ])
    onTestFinished(() => racing[Symbol.asyncDispose]())
    expect(await racing.admin('POST', '/servers/brief/pin', { pinned: true })).toMatchObject({
      profile: 'brief',
      state: 'stopped',
      engine: 'mlx-lm',
      pinned: true,
    })
    await racing.warm('brief')
    const { server } = await racing.until('server.changed', (event) => isOf('brief')(event) && event.server.pinned)
    expect(server.unloadAt).toBeNull()
    const later = racing.next('profile.unloaded', 'other')
    await racing.warm('other')
    await later
    expect(await racing.server('brief')).toMatchObject({ state: 'ready', pinned: true })
    const unloaded = racing.next('profile.unloaded', 'brief')
    await racing.admin('POST', '/servers/brief/pin', { pinned: false })
    await unloaded
    await expect(racing.admin('POST', '/servers/nobody/pin', { pinned: true })).rejects.toThrow('There is no profile')
  })

  test('is pinned after a restart as well, and no more once its profile was removed', async () => {
    const furnished = furnish([{ name: 'small' }])
    onTestFinished(furnished.remove)
    const kept = { ...furnished, remove() {} }
    const own = { name: 'own', engine: 'command', command: ['no-such-program', '${port}'] }
    {
      await using before = await openFurnished(kept)
      await before.admin('POST', '/profiles', own)
      await before.admin('POST', '/servers/own/pin', { pinned: true })
    }
    await using after = await openFurnished(kept)
    await failToStart(after, 'own')
    expect(await after.server('own')).toMatchObject({ pinned: true })
    await after.admin('PUT', '/profiles/own', { ...own, name: 'renamed' })
    expect(await after.admin('POST', '/servers/small/pin', { pinned: false })).toMatchObject({ pinned: false })
    await after.admin('DELETE', '/profiles/renamed')
    await after.admin('POST', '/profiles', own)
    await failToStart(after, 'own')
    expect(await after.server('own')).toMatchObject({ pinned: false })
  })
})
