/** Streams between a client and a server: signs of life, clients that leave, readers that are slow. */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ask, say } from '../fixtures/ask.ts'
import { endless, hello } from '../fixtures/gateway/client.ts'
import { inUse } from '../fixtures/gateway/healthy.ts'
import { type House, openHouse } from '../fixtures/gateway/house.ts'

const torrent = join(import.meta.dirname, '../fixtures/programs/torrent.cjs')
const node = process.execPath
const settled = async (house: House) => {
  await expect.poll(() => inUse(house), { timeout: 5_000 }).toEqual([])
}

let house: House
beforeAll(async () => {
  house = await openHouse(
    [
      { name: 'first' },
      { name: 'narrow', concurrency: 1 },
      { name: 'slow', mode: 'slow-load=1500' },
      { name: 'dies', engine: 'command', command: ['sh', '-c', 'sleep 1; exit 7', '${port}'] },
      { name: 'dies-soon', engine: 'command', command: ['sh', '-c', 'exit 7', '${port}'] },
      { name: 'torrent', engine: 'command', command: [node, torrent, '${port}'] },
    ],
    { timeouts: { heartbeat: '300ms', firstByte: '1s', idle: '5s', writeIdle: '3s' } },
  )
  await house.warm('first', 'narrow')
})
afterAll(() => house[Symbol.asyncDispose]())

/** The history's row of the request that ended last. */
async function lastEnded() {
  const { requests } = await house.admin('GET', '/requests?limit=1')
  return requests[0]
}

const pieces = (count: number) => ({ ...say('torrent', 'hello'), max_tokens: count, stream: true })

/** An answer of which nothing is read yet. */
async function unread(count: number): Promise<IncomingMessage> {
  const outgoing = request(`${house.url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  })
  outgoing.end(JSON.stringify(pieces(count)))
  const [incoming]: IncomingMessage[] = await once(outgoing, 'response')
  if (incoming === undefined) throw new Error('no answer')
  onTestFinished(() => void incoming.destroy())
  incoming.on('error', () => {})
  return incoming
}
async function told(): Promise<{ written: number; brokenOff: number }> {
  const server = await house.server('torrent')
  return JSON.parse(await (await fetch(`http://127.0.0.1:${server?.port}/told`)).text())
}
/** What the server has written once it writes no more. */
async function pausedAt(): Promise<number> {
  let [last, now] = [-1, 0]
  while (now !== last) {
    await new Promise((later) => setTimeout(later, 100))
    ;[last, now] = [now, (await told()).written]
  }
  return now
}

describe('a stream that has to wait is kept alive with comments', () => {
  test('while it is queued', async () => {
    const before = house.stream(endless('narrow'))
    await before.until('three')
    const queued = house.stream(say('narrow', 'hello'))
    await queued.until(': queued, place 1\n\n')
    before.leave()
    const { status, said, done, comments } = await queued.read()
    expect([status, said, done]).toEqual([200, hello, true])
    expect(comments[0]).toBe(': queued, place 1')
    await settled(house)
  })

  test('while its server loads', async () => {
    const { said, done, comments } = await house.stream(say('slow', 'hello')).read()
    expect([said, done]).toEqual([hello, true])
    expect(comments[0]).toMatch(/^: (?:loading|waiting)/)
    expect(comments.at(-1)).toMatch(/^: loading/)
  })

  test('while its prompt is read, with how far that is', async () => {
    const { said, comments } = await house.stream(say('first', 'hello. fault:prefill=9 fault:prefill-ms=100')).read()
    expect(said).toBe(hello)
    expect(comments.at(-1)).toMatch(/^: reading the prompt, \d+ of 20480 tokens$/)
  })

  test('but not by a server that gets no further', async () => {
    const { done, error, comments } = await house.stream(say('first', 'hello. fault:prefill-stuck')).read()
    expect([done, error.code]).toEqual([false, 'server_timeout'])
    expect(comments.length).toBeLessThan(10)
    await house.warm('first')
  })

  test('and then can tell of a failure only with an event', async () => {
    const { status, error, done, comments } = await house.stream(say('dies', 'hello')).read()
    expect([status, error.code, done]).toEqual([200, 'server_failed', false])
    expect(comments.length).toBeGreaterThan(0)
  })

  test('but before that gets a real status', async () => {
    const { status, headers, text } = await house.stream(say('dies-soon', 'hello')).ended
    expect([status, headers['content-type']]).toEqual([502, 'application/json; charset=utf-8'])
    expect(text).not.toMatch(/^(?::|data)/m)
  })

  test('and gets none where it does not have to', async () => {
    expect((await house.stream(say('first', 'hello')).read()).comments).toEqual([])
  })
})

describe('a client that leaves', () => {
  test.each([
    ['in the middle of a stream', { stream: true }],
    ['that waits for a whole answer', {}],
  ])('%s ends the generation and frees the place', async (_, wish) => {
    const fake = await house.fake('narrow')
    const left = (await fake.seen()).requests.filter(({ leftAt }) => leftAt !== undefined).length
    const tokens = (await fake.seen()).requests.reduce((sum, { tokens }) => sum + tokens, 0)
    const asked = house.stream({ ...endless('narrow'), ...wish })
    await fake.seen({ tokens: tokens + 20 })
    const leftAt = Date.now()
    asked.leave()
    const { requests } = await fake.seen({ left: left + 1, running: 0 })
    expect(Number(requests.at(-1)?.leftAt) - leftAt).toBeLessThan(1_000)
    await settled(house)
    await expect.poll(lastEnded, { timeout: 3_000 }).toMatchObject({ status: 499, error: 'client_left' })
    expect((await house.ask(say('narrow', 'hello'))).status).toBe(200)
  })

  test('while its prompt is read ends that too', async () => {
    const fake = await house.fake('first')
    const before = (await fake.seen()).requests.filter(({ leftAt }) => leftAt !== undefined).length
    const asked = house.stream(say('first', 'hello. fault:prefill=600 fault:prefill-ms=50'))
    await asked.until(': reading the prompt')
    asked.leave()
    expect((await fake.seen({ left: before + 1, running: 0 })).queued).toBe(0)
    await settled(house)
  })

  test('while it is queued is never asked for, and costs nobody a place', async () => {
    const fake = await house.fake('narrow')
    const running = house.stream(endless('narrow'))
    await running.until('three')
    const { requests } = await fake.seen()
    const leaving = house.stream(say('narrow', 'hello'))
    await leaving.until(': queued, place 1')
    const staying = house.stream(say('narrow', 'hello'))
    await staying.until(': queued, place 2')
    const moved = house.next('queue.changed', 'narrow')
    leaving.leave()
    expect(await moved).toMatchObject({ waiting: 1, active: 1 })
    running.leave()
    expect((await staying.read()).done).toBe(true)
    expect((await fake.seen()).requests).toHaveLength(requests.length + 1)
    await settled(house)
  })

  test('while its model loads leaves the load going on, for whoever comes next', async () => {
    await house.admin('POST', '/servers/slow/stop', {})
    const starts = house.started('slow').length
    const ready = house.next('server.ready', 'slow')
    const asked = house.stream(say('slow', 'hello'))
    await asked.until(': loading')
    asked.leave()
    await ready
    expect((await (await house.fake('slow')).seen()).requests).toHaveLength(1)
    await house.warm('slow')
    expect(house.started('slow')).toHaveLength(starts + 1)
    await settled(house)
  })
})

describe('a client that reads slowly', () => {
  test('slows the server down, and gets every byte in the end', async () => {
    await ask(house.url, '/chat/completions', pieces(1))
    const rss = process.memoryUsage.rss()
    const incoming = await unread(1_000)
    expect(await pausedAt()).toBeLessThan(40e6)
    expect(process.memoryUsage.rss() - rss).toBeLessThan(32e6)
    let bytes = 0
    for await (const chunk of incoming) bytes += chunk.length
    expect(bytes).toBeGreaterThan(1_000 * 64 * 1024)
    expect((await told()).brokenOff).toBe(0)
    await settled(house)
  })

  test('and at last not at all is let go, and its place is free', async () => {
    const { brokenOff } = await told()
    const incoming = await unread(10_000)
    await expect.poll(async () => (await told()).brokenOff, { timeout: 10_000 }).toBe(brokenOff + 1)
    await settled(house)
    await expect(incoming.toArray()).rejects.toThrow('aborted')
    expect((await ask(house.url, '/chat/completions', pieces(2))).text).toContain('[DONE]')
  })
})
