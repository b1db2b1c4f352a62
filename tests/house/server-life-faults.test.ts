/** Faults 9 to 17: what goes wrong in the life of a server. After each of them all is well again. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import { say } from '../fixtures/ask.ts'
import { endless, hello } from '../fixtures/gateway/client.ts'
import { expectHealthy, inUse, strays } from '../fixtures/gateway/healthy.ts'
import type { Sketch } from '../fixtures/gateway/furnish.ts'
import { type House, openHouse } from '../fixtures/gateway/house.ts'
import { fakeServer } from '../fixtures/start-fake.ts'

const host = createHost()
const thieves = mkdtempSync(join(tmpdir(), 'mlx-gateway-thieves-'))
const thief = join(import.meta.dirname, '../fixtures/programs/port-thief.cjs')
const node = process.execPath

function robbed(name: string, times: 'once' | 'always'): Sketch {
  const command = [node, thief, thieves, times, '${port}', node, fakeServer, '--port', '${port}']
  return { name, engine: 'command', command }
}

function shell(name: string, script: string): Sketch {
  return { name, engine: 'command', command: ['sh', '-c', script, '${port}'] }
}

const profiles: readonly Sketch[] = [
  { name: 'spare' },
  { name: 'other', engine: 'command' },
  robbed('robbed', 'once'),
  robbed('robbed-again', 'always'),
  { name: 'elsewhere', mode: 'wrong-port=1' },
  { name: 'mute', mode: 'never-ready' },
  { name: 'broken', mode: 'exit-at-once=3' },
  shell('dies', 'echo the cable is loose >&2; exit 7'),
  shell('absent', 'exec /nonexistent/python'),
  { name: 'uninstalled', engine: 'command', command: ['no-such-server', '${port}'] },
  { name: 'mortal', mode: 'crash-after=700' },
  { name: 'stubborn', mode: 'ignore-term,ignore-int,grandchild' },
  { name: 'noisy', mode: 'flood=200000000' },
]

let house: House
beforeAll(async () => {
  const supervision = { maxFailures: 3, startStall: '2s', termStop: '500ms', backoffMax: '60s', logSize: '1MB' }
  house = await openHouse(profiles, { supervision })
  await house.warm('spare', 'other')
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  for (const pid of thievesSoFar()) process.kill(pid, 'SIGKILL')
  rmSync(thieves, { recursive: true })
})
afterEach(() => expectHealthy(house, 'spare', 'other'))

/** The pids of the foreign processes that took ports; they live as long as this file. */
function thievesSoFar(): number[] {
  const list = join(thieves, 'thieves')
  return existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean).map(Number) : []
}

/** A house of its own, with room for 500 MB of servers. */
async function openNarrow(sketches: readonly Sketch[]): Promise<House> {
  const narrow = await openHouse(
    sketches.map((sketch) => ({ engine: 'command', ...sketch })),
    { memory: { budget: '500MB' } },
  )
  onTestFinished(() => narrow[Symbol.asyncDispose]())
  return narrow
}

describe('9: a port that is not the server’s', () => {
  test('(another program took it first) is found out before any prompt is sent there, and another port is used', async () => {
    const { status, body } = await house.ask(say('robbed', 'hello'))
    expect([status, body.choices[0].message.content]).toEqual([200, hello])
    const [pid = 0] = thievesSoFar()
    expect(await host.process(pid)).toBeDefined()
    expect(readFileSync(join(thieves, 'stolen'), 'utf8')).not.toContain('say:')
  })

  test('(and the next one as well) is an error that says so', async () => {
    const { status, body } = await house.ask(say('robbed-again', 'hello'))
    expect([status, body.error.code]).toEqual([502, 'server_failed'])
    expect(body.error.message).toContain('taken by another program')
    expect(thievesSoFar()).toHaveLength(3)
    expect(readFileSync(join(thieves, 'stolen'), 'utf8')).not.toContain('say:')
  })

  test('(it listens on another one) is a start that stalls', async () => {
    const { status, body } = await house.ask(say('elsewhere', 'hello'))
    expect([status, body.error.code]).toEqual([504, 'server_timeout'])
  })
})

describe('10: a server that never becomes ready', () => {
  test('is given up for its silence, and everybody who waited is told', async () => {
    const waiting = await Promise.all([
      house.ask(say('mute', 'hello')),
      house.ask({ ...say('mute', 'hello'), stream: true }),
    ])
    expect(waiting.map(({ status }) => status)).toEqual([504, 504])
    expect(waiting[0]?.body.error).toMatchObject({
      code: 'server_timeout',
      message: expect.stringContaining('No sign of progress'),
    })
    expect(house.started('mute')).toHaveLength(1)
    await expect.poll(() => strays(house, ['mute'])).toEqual([])
  })
})

describe('11: a server that exits at once', () => {
  test('for a reason that lasts is refused with that reason, and not started again', async () => {
    const first = await house.ask(say('broken', 'hello'))
    expect([first.status, first.body.error.code]).toEqual([503, 'model_load_failed'])
    expect(first.body.error.message).toContain('does not support models of type "nope"')
    expect(first.headers['x-should-retry']).toBe('false')
    const second = await house.ask(say('broken', 'hello'))
    expect([second.status, second.body.error.code]).toEqual([503, 'model_load_failed'])
    expect(house.started('broken')).toHaveLength(1)
  })

  test('again and again is left alone, with the reason and the time of the next try', async () => {
    const answers = [
      await house.ask(say('dies', 'hello')),
      await house.ask(say('dies', 'hello')),
      await house.ask(say('dies', 'hello')),
    ]
    expect(answers.map(({ status }) => status)).toEqual([502, 502, 502])
    expect(answers[0]?.body.error.message).toContain('exit code 7')
    expect(answers[0]?.text).toContain('mlx-gateway logs dies')
    const starts = house.events.filter((event) => event.type === 'server.starting' && event.profile === 'dies').length
    expect(starts).toBe(3)
    const refused = await house.ask(say('dies', 'hello'))
    expect([refused.status, refused.body.error.code]).toEqual([503, 'server_unavailable'])
    expect(refused.body.error.message).toContain('failed 3 times in a row')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    // what it wrote may hold prompts and secrets: only its owner sees that
    expect([...answers, refused].map(({ text }) => text).join()).not.toContain('the cable is loose')
    expect(await house.server('dies')).toMatchObject({
      state: 'failed',
      failure: { failures: 3, lines: ['the cable is loose'] },
    })
  })

  test.each([
    ['absent', 'model_load_failed'],
    ['uninstalled', 'engine_unavailable'],
  ])('as its program is not there (%s) says so', async (profile, code) => {
    const { status, body } = await house.ask(say(profile, 'hello'))
    expect([status, body.error.code]).toEqual([503, code])
    expect(body.error.message).toMatch(/not found/)
  })
})

describe('12: a server that dies soon after each start', () => {
  test('is given longer and longer pauses, as it never was well for long', async () => {
    const retries: number[] = []
    for (const failures of [1, 2, 3]) {
      const failed = house.next('server.failed', 'mortal')
      expect((await house.ask(say('mortal', 'hello'))).status).toBe(200)
      const { retryAt } = await failed
      retries.push(retryAt)
      expect(await house.server('mortal')).toMatchObject({ state: 'failed', failure: { failures } })
    }
    const { status, headers } = await house.ask(say('mortal', 'hello'))
    expect([status, headers['retry-after']]).toEqual([503, '1'])
    expect(house.started('mortal')).toHaveLength(3)
  })
})

describe('13: a server that ignores signals, with a child that holds its pipes', () => {
  test('is stopped all the same, the whole group of it', async () => {
    await house.warm('stubborn')
    const { pid } = (await house.server('stubborn')) ?? {}
    const { grandchild = 0 } = await (await house.fake('stubborn')).seen()
    expect((await host.process(grandchild))?.groupId).toBe(pid)
    expect(await house.admin('POST', '/servers/stubborn/stop', {})).toMatchObject({ state: 'stopped' })
    expect(await host.group(pid ?? 0)).toEqual([])
  })
})

describe('14: a server that floods its output, without a line end', () => {
  test('serves all the while, and what is kept is little', async () => {
    const before = process.memoryUsage.rss()
    const { done, finish } = await house.stream(endless('noisy', { max_tokens: 300 })).read()
    expect([done, finish]).toEqual([true, 'length'])
    await house.admin('POST', '/servers/noisy/stop', {})
    const { lines } = await house.admin('GET', '/servers/noisy/logs')
    expect(Math.max(...lines.map((line: string) => line.length))).toBeLessThan(5_000)
    const logs = join(house.folder, 'data/logs')
    const noisy = readdirSync(logs).find((name) => /^noisy-.*\.log$/.test(name)) ?? ''
    expect(statSync(join(logs, noisy)).size).toBeLessThan(2e6)
    expect(process.memoryUsage.rss() - before).toBeLessThan(150e6)
  })
})

describe('15: memory', () => {
  test('that a server takes beyond what was reserved counts, and costs it its place when it is idle', async () => {
    const narrow = await openNarrow([
      { name: 'grows', mode: 'balloon=300000000', memory: '50MB' },
      { name: 'next', memory: '250MB' },
    ])
    const measured = narrow.next('server.measured', 'grows')
    await narrow.warm('grows')
    expect((await measured).memoryBytes).toBeGreaterThan(300e6)
    const evicted = narrow.next('profile.evicted', 'grows')
    await narrow.warm('next')
    expect(await evicted).toMatchObject({ for: 'next' })
    await expectHealthy(narrow, 'next', 'grows')
  })

  test('that is in use is never taken away: who needs it waits', async () => {
    const narrow = await openNarrow([
      { name: 'busy', memory: '300MB' },
      { name: 'next', memory: '300MB' },
    ])
    const streamed = await narrow.stream(endless('busy'))
    await streamed.until('three')
    const queued = narrow.next('queue.changed', 'next')
    const waiting = narrow.ask(say('next', 'hello'))
    expect((await queued).waiting).toBe(1)
    const busy = await narrow.fake('busy')
    await busy.seen({ tokens: 500 })
    expect(narrow.events.map(({ type }) => type)).not.toContain('server.stopping')
    streamed.leave()
    expect((await waiting).status).toBe(200)
    await expectHealthy(narrow, 'next', 'busy')
  })

  test('that can never be had is refused with the numbers', async () => {
    const narrow = await openNarrow([{ name: 'huge', memory: '600MB' }, { name: 'small' }, { name: 'third' }])
    const { status, body, headers } = await narrow.ask(say('huge', 'hello'))
    expect([status, body.error.code]).toEqual([503, 'insufficient_memory'])
    expect(body.error.message).toMatch(/600 MB.*500 MB/)
    expect(headers['x-should-retry']).toBe('false')
    await expectHealthy(narrow, 'small', 'third')
  })
})

describe('16: an unload that races a request', () => {
  test('never costs the request: the old server has it, or a new one', async () => {
    const racing = await openHouse([{ name: 'brief', idle: '100ms' }, { name: 'other' }])
    onTestFinished(() => racing[Symbol.asyncDispose]())
    for (const moment of ['profile.unloaded', 'server.stopping', 'server.stopped'] as const) {
      const unloading = racing.next(moment, 'brief')
      await racing.warm('brief')
      await unloading
      const { status, body } = await racing.ask(say('brief', 'hello'))
      expect([status, body.choices?.[0].message.content]).toEqual([200, hello])
    }
    await expectHealthy(racing, 'brief', 'other')
  })

  test('waits for the end of one that is slow to stop, and is served by the next', async () => {
    const racing = await openHouse([{ name: 'brief', idle: '100ms', mode: 'ignore-term' }, { name: 'other' }], {
      supervision: { termStop: '500ms' },
    })
    onTestFinished(() => racing[Symbol.asyncDispose]())
    const stopping = racing.next('server.stopping', 'brief')
    await racing.warm('brief')
    await stopping
    const stopped = racing.next('server.stopped', 'brief')
    const answers = await Promise.all([
      racing.ask(say('brief', 'hello')),
      racing.ask(say('brief', 'hello')),
      racing.ask(say('brief', 'hello')),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await stopped
    expect(racing.started('brief')).toHaveLength(2)
    await expectHealthy(racing, 'brief', 'other')
  })
})

describe('17: fifty requests for a model that is not loaded', () => {
  test('make one start, and all are served', async () => {
    const cold = await openHouse([{ name: 'cold', mode: 'slow-load=300' }, { name: 'other' }])
    onTestFinished(() => cold[Symbol.asyncDispose]())
    const answers = await Promise.all(Array.from({ length: 50 }, () => cold.ask(say('cold', 'hello'))))
    expect(answers.map(({ body }) => body.choices?.[0].message.content)).toEqual(answers.map(() => hello))
    expect(cold.started('cold')).toHaveLength(1)
    expect(await inUse(cold)).toEqual([])
    await expectHealthy(cold, 'cold', 'other')
  })

  test('that cannot be loaded make one start, and all are told', async () => {
    const cold = await openHouse([{ name: 'cold', mode: 'exit-at-once=1' }, { name: 'other' }, { name: 'spare' }])
    onTestFinished(() => cold[Symbol.asyncDispose]())
    const answers = await Promise.all(Array.from({ length: 50 }, () => cold.ask(say('cold', 'hello'))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
    expect(cold.started('cold')).toHaveLength(1)
    await expectHealthy(cold, 'spare', 'other')
  })
})
