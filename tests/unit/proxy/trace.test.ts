import { describe, expect, test } from 'vitest'
import type { ProxyEvent } from '../../../src/proxy/proxy.ts'
import { Trace } from '../../../src/proxy/trace.ts'

function traced() {
  const clock = { now: 1_000 }
  const events: ProxyEvent[] = []
  let changes = 0
  const trace = new Trace({
    id: 'req_1',
    endpoint: 'chat',
    keyId: 'key_1',
    keyName: 'laptop',
    announce: (event) => void events.push(event),
    changed: () => (changes += 1),
    now: () => clock.now,
    wallClock: () => 1_700_000_000_000,
  })
  trace.asked('gpt', true)
  trace.resolved('small')
  const record = () => {
    const ended = events.findLast((event) => event.type === 'request.ended')
    return ended?.record
  }
  return { trace, clock, record, events, changes: () => changes }
}

const queued = (position: number, ...behind: string[]) => ({ phase: 'queued', position, behind }) as const
const loading = { phase: 'loading', progress: undefined } as const

describe('a request under way', () => {
  test('is shown in its phase, since when, and with the phases that are over', () => {
    const { trace, clock } = traced()
    expect(trace.now()).toMatchObject({ phase: 'queued', since: 1_700_000_000_000, position: null, tokens: null })
    trace.waits(queued(2, 'big'))
    clock.now += 300
    expect(trace.now()).toMatchObject({ phase: 'queued', position: 2, queueMs: 0, waitedFor: ['big'] })
    trace.waits(loading)
    clock.now += 2_000
    expect(trace.now()).toMatchObject({
      phase: 'loading',
      since: 1_700_000_000_300,
      position: null,
      queueMs: 300,
      loadMs: 0,
    })
    trace.leased(310, 1_990)
    clock.now += 50
    expect(trace.now()).toMatchObject({ phase: 'prefill', queueMs: 310, loadMs: 1_990, prefillMs: 0, tokens: null })
    let tokens = 0
    trace.answers(() => tokens)
    trace.firstToken()
    tokens = 12
    expect(trace.now()).toMatchObject({ phase: 'decode', since: 1_700_000_002_350, prefillMs: 50, tokens: 12 })
  })

  test('has no position any more once it has its place', () => {
    const { trace } = traced()
    trace.waits(queued(1, 'big'))
    trace.leased(10, 0)
    expect(trace.now().position).toBeNull()
  })

  test('tells of each change and of nothing else', () => {
    const { trace, changes } = traced()
    trace.waits(queued(2, 'big'))
    trace.waits(queued(1, 'big'))
    trace.leased(1, 0)
    trace.answers(() => 5)
    trace.firstToken()
    trace.firstToken()
    expect(changes()).toBe(4)
  })

  test('collects all that was in its way, each once', () => {
    const { trace, record } = traced()
    trace.waits(queued(2, 'big'))
    trace.waits(queued(1, 'big', 'other'))
    trace.ended(200, null)
    expect(record()).toMatchObject({ waitedFor: '["big","other"]' })
  })
})

describe('the record of a request', () => {
  test('that nothing was in the way of says so', () => {
    const { trace, record, events } = traced()
    trace.leased(0, 0)
    trace.ended(200, null)
    expect(record()).toMatchObject({ waitedFor: null, queueMs: 0 })
    expect(events.at(-1)).toMatchObject({ type: 'request.ended', keyName: 'laptop' })
  })

  test('that was given up while it waited tells how long it had', () => {
    const { trace, clock, record } = traced()
    trace.waits(queued(1, 'big'))
    clock.now += 700
    trace.waits(loading)
    clock.now += 40
    trace.ended(499, 'request_cancelled')
    expect(record()).toMatchObject({ queueMs: 700, loadMs: 40, prefillMs: 0, decodeMs: 0 })
  })

  test('that was given up while it waited for a second server was never read by the first', () => {
    const { trace, clock, record } = traced()
    trace.leased(10, 0)
    clock.now += 500
    trace.waits(queued(1, 'big'))
    clock.now += 2_000
    trace.ended(499, 'client_left')
    expect(record()).toMatchObject({ queueMs: 2_010, prefillMs: 0, decodeMs: 0 })
  })

  test('counts what was fetched for it as loading, once', () => {
    const { trace, clock, record } = traced()
    trace.waits(loading)
    clock.now += 9_000
    trace.brought(9_000)
    expect(trace.now()).toMatchObject({ phase: 'queued', loadMs: 9_000 })
    trace.leased(5, 100)
    trace.ended(200, null)
    expect(record()).toMatchObject({ queueMs: 5, loadMs: 9_100 })
  })

  test('whose first server gave nothing counts both waits, and the reading of the second alone', () => {
    const { trace, clock, record } = traced()
    trace.leased(10, 0)
    clock.now += 500
    trace.waits(loading)
    clock.now += 2_000
    trace.leased(0, 2_000)
    clock.now += 30
    trace.firstToken()
    trace.ended(200, null)
    expect(record()).toMatchObject({ queueMs: 10, loadMs: 2_000, prefillMs: 30 })
  })
})
