/** Faults 1 to 8: what a server does wrong while it answers. After each of them all is well again. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import { say } from '../fixtures/ask.ts'
import { endless, hello } from '../fixtures/gateway/client.ts'
import { expectHealthy } from '../fixtures/gateway/healthy.ts'
import { type House, openHouse } from '../fixtures/gateway/house.ts'

const host = createHost()
let house: House
let sockets: number
const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
beforeAll(async () => {
  const timeouts = { firstByte: '1s', idle: '1s' }
  house = await openHouse([{ name: 'first' }, { name: 'other', engine: 'command' }], { timeouts })
  await house.warm('first', 'other')
  sockets = openSockets()
})
afterAll(() => house[Symbol.asyncDispose]())
afterEach(() => expectHealthy(house, 'first', 'other'))

const struck = (fault: string, script = 'hello') => say('first', `${script}. fault:${fault}`)
const pidOf = async () => (await house.fake('first')).seen().then(({ pid }) => pid)

/** The row of the history for a request; written down half a second after its end at the latest. */
async function rowOf(requestId: unknown) {
  const find = async () => {
    const { requests } = await house.admin('GET', '/requests')
    return requests.find(({ id }: { id: string }) => id === requestId)
  }
  await expect.poll(find, { timeout: 3_000 }).toBeDefined()
  return find()
}

describe('1: a server that is killed in the middle of an answer', () => {
  test.each(['crash-mid=3', 'metal-oom=3'])('(%s) ends the stream with an error and no [DONE]', async (fault) => {
    const failed = house.next('server.failed', 'first')
    const { said, done, finish, error, headers } = await house.stream(struck(fault)).read()
    expect([said, done, finish]).toEqual(['Hello fro', false, undefined])
    expect(error).toMatchObject({
      type: 'server_error',
      code: 'server_failed',
      message: expect.stringContaining('broke off'),
    })
    expect(await rowOf(headers['x-request-id'])).toMatchObject({ error: 'server_failed', finishReason: null })
    const { diagnosis } = await failed
    expect(diagnosis.kind).toBe(fault.startsWith('metal') ? 'memory' : 'transient')
  })

  test('is no answer at all where none was begun: 502', async () => {
    const { status, body } = await house.ask(struck('crash-mid=3'))
    expect([status, body.error.code]).toEqual([502, 'server_failed'])
  })

  test('is started anew after a pause', async () => {
    await house.warm('first')
    const before = await pidOf()
    const failed = house.next('server.failed', 'first')
    const streamed = house.stream(endless('first'))
    await streamed.until('three')
    process.kill(before, 'SIGKILL')
    expect((await streamed.read()).done).toBe(false)
    const { retryAt } = await failed
    const starting = house.next('server.starting', 'first')
    expect((await house.ask(say('first', 'hello'))).status).toBe(200)
    await starting
    expect(Date.now()).toBeGreaterThanOrEqual(retryAt)
    expect(await pidOf()).not.toBe(before)
  })
})

describe('2: a server that is killed before its first byte', () => {
  test('costs the client nothing: a fresh one is asked, once', async () => {
    const asks = [
      async () => (await house.ask(say('first', 'hello'))).body.choices?.[0].message.content,
      async () => (await house.stream(say('first', 'hello')).read()).said,
    ]
    for (const ask of asks) {
      await house.warm('first')
      await (await house.fake('first')).fault('crash', { times: 1 })
      const starts = house.started('first').length
      expect(await ask()).toBe(hello)
      expect(house.started('first')).toHaveLength(starts + 1)
    }
  })

  test('and again, is told: 502', async () => {
    await house.warm('first')
    const starts = house.started('first').length
    const { status, body } = await house.ask(struck('crash'))
    expect([status, body.error.code]).toEqual([502, 'server_failed'])
    expect(house.started('first')).toHaveLength(starts + 1)
  })
})

describe('3: a server that is stopped (SIGSTOP)', () => {
  test('is found by the timeout of the first byte, killed and replaced', async () => {
    await house.warm('first')
    const before = await pidOf()
    const failed = house.next('server.failed', 'first')
    const { status, body } = await house.ask(struck('freeze'))
    expect([status, body.error.code]).toEqual([504, 'server_timeout'])
    expect((await failed).diagnosis.reason).toContain('no progress')
    expect(await host.process(before)).toBe(undefined)
  })

  test('ends streams that had begun with an error', async () => {
    await house.warm('first')
    const streamed = house.stream(endless('first'))
    await streamed.until('three')
    process.kill(await pidOf(), 'SIGSTOP')
    const { done, error } = await streamed.read()
    expect([done, error.code]).toEqual([false, 'server_timeout'])
  })
})

describe('4: a server that stalls in the middle of an answer', () => {
  test('is timed out, with an error event, and replaced, as it gives nobody anything', async () => {
    const failed = house.next('server.failed', 'first')
    const { said, done, error } = await house.stream(struck('stall=3')).read()
    expect([said, done, error.code]).toEqual(['Hello fro', false, 'server_timeout'])
    await failed
  })

  test('but serves others is let live: only the connection that stalls is closed', async () => {
    await house.warm('first')
    const fake = await house.fake('first')
    const before = await fake.seen()
    const running = house.stream(endless('first'))
    await running.until('three')
    expect((await house.stream(struck('stall=3')).read()).error.code).toBe('server_timeout')
    const after = await fake.seen({ left: before.requests.filter(({ leftAt }) => leftAt).length + 1, running: 1 })
    expect(after.pid).toBe(before.pid)
    running.leave()
    await fake.seen({ running: 0 })
  })
})

describe('5: a server that says it is well and answers nobody', () => {
  test('is found by its lack of progress, and everybody on it is told', async () => {
    await house.warm('first')
    const before = await pidOf()
    const running = house.stream(endless('first'))
    await running.until('three')
    const [zombie, late] = await Promise.all([house.ask(struck('zombie')), house.ask(say('first', 'hello'))])
    expect([zombie.status, late.status]).toEqual([504, 504])
    expect((await running.read()).error.code).toMatch(/^server_(?:timeout|failed)$/)
    // its connections break a moment before the system has taken it away
    await expect.poll(() => host.process(before), { timeout: 10_000 }).toBe(undefined)
  })

  test('or says that its generation thread is dead, is replaced at once', async () => {
    const failed = house.next('server.failed', 'first')
    const { status, body, text } = await house.ask(struck('dead-thread'))
    expect([status, body.error.code]).toEqual([502, 'server_failed'])
    expect(text).not.toContain('thread')
    await failed
  })
})

describe('6: a stream that is malformed', () => {
  test.each(['cr-only', 'crlf', 'bom', 'raw-utf8', 'no-usage', 'huge=900000', 'first-event=300'])(
    'only by another reading of the rules (%s) is passed on',
    async (fault) => {
      const { said, done, finish, error } = await house.stream(struck(fault, 'utf8')).read()
      expect([done, finish, error]).toEqual([true, 'stop', undefined])
      expect(said).toBe(fault.startsWith('huge') ? 'x'.repeat(900_000) : 'Grüße, 東京 🙂 done.')
    },
  )

  test('by half a character says so with the sign for it', async () => {
    const { said, done } = await house.stream(struck('half-utf8=2')).read()
    expect([said.includes('\uFFFD'), done]).toEqual([true, true])
  })

  test.each([
    'bad-json=2',
    'no-blank-line',
    'event-only',
    'endless-line=100000000',
    'huge=2000000',
    'error-event=2',
    'no-done',
    'no-finish',
    'cut=2',
    'reset=2',
    'unstreamed',
  ])('(%s) is an error, and never looks like an end', async (fault) => {
    const { done, finish, error, text } = await house.stream(struck(fault)).read()
    expect(done).toBe(false)
    expect(fault === 'no-done' ? undefined : finish).toBe(undefined)
    expect(error ?? JSON.parse(text).error).toMatchObject({ type: 'server_error', code: 'server_failed' })
    const whole = await house.ask(struck(fault))
    expect([whole.status, whole.body.error?.code]).toEqual([502, 'server_failed'])
  })

  test('by a line without end is given up before it fills the memory', async () => {
    await house.warm('first')
    const fake = await house.fake('first')
    const left = (await fake.seen()).requests.filter(({ leftAt }) => leftAt).length
    const before = process.memoryUsage.rss()
    await house.ask(struck('endless-line=100000000'))
    await fake.seen({ left: left + 1 })
    expect(process.memoryUsage.rss() - before).toBeLessThan(50e6)
  })
})

describe('7: an answer that is none', () => {
  test.each(['html', 'empty-200', 'wrong-type', 'garbage-chunked', 'redirect=http://127.0.0.1:1/'])(
    '(%s) is a 502 in JSON, and nothing of it is passed on',
    async (fault) => {
      for (const wish of [{}, { stream: true }]) {
        const { status, body, headers, text } = await house.ask({ ...struck(fault), ...wish })
        expect([status, body.error.code, body.error.type]).toEqual([502, 'server_failed', 'server_error'])
        expect(headers['content-type']).toBe('application/json; charset=utf-8')
        expect(headers['location']).toBe(undefined)
        expect(text).not.toMatch(/<|script|all is well/)
      }
    },
  )
})

describe('8: an error in a dialect of its own', () => {
  test.each([
    ['status=400', 400, 'invalid_request_error', 'invalid_request', undefined],
    ['status=404', 502, 'server_error', 'server_failed', undefined],
    ['status=429', 503, 'server_error', 'server_unavailable', '1'],
    ['status=500', 502, 'server_error', 'server_failed', undefined],
    ['status=503', 503, 'server_error', 'server_unavailable', '1'],
    ['no-response', 502, 'server_error', 'server_failed', '1'],
  ])('(%s) becomes %s %s %s', async (fault, status, type, code, retryAfter) => {
    for (const wish of [{}, { stream: true }]) {
      const answer = await house.ask({ ...struck(fault), ...wish })
      expect(answer.status).toBe(status)
      expect(answer.body).toEqual({ error: { message: expect.any(String), type, param: null, code } })
      expect(answer.headers['retry-after']).toBe(retryAfter)
    }
  })
})

describe('after all of them', () => {
  test('no more connections are open than before, save a few that are kept for the next request', async () => {
    await expect.poll(openSockets, { timeout: 5_000 }).toBeLessThanOrEqual(sockets + 3)
  })
})
