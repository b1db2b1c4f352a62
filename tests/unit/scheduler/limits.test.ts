import { describe, expect, test } from 'vitest'
import { Rig, settled, states, target } from './rig.ts'

const one = target('a', { concurrency: 1 })

describe('a full queue', () => {
  test('refuses at once, and says when to try again from how long requests took lately', async () => {
    const rig = new Rig(100, { queue: 2 })
    const first = await rig.serve(one)
    rig.clock.turn(4_000)
    first.done()
    const requests = [1, 2, 3, 4].map(() => rig.ask(one))
    await settled()
    expect(states(requests)).toEqual(['served', 'waits', 'waits', 'refused'])
    expect(requests[3]?.failure).toMatchObject({ code: 'queue_full', retryAfterMs: 12_000 })
  })

  test('takes no more than its bound in all, over every profile', async () => {
    const rig = new Rig(100, { queue: 5, queueTotal: 2 })
    await rig.serve(one)
    await rig.serve(target('b', { concurrency: 1 }))
    const requests = [rig.ask(one), rig.ask(target('b', { concurrency: 1 })), rig.ask(one)]
    await settled()
    expect(states(requests)).toEqual(['waits', 'waits', 'refused'])
    requests[1]?.leave()
    expect((await rig.askAndSettle(one)).state).toBe('waits')
  })

  test('does not keep a cold profile from being asked for as often as its server has places', async () => {
    const rig = new Rig(100, { queue: 0, queueTotal: 0 })
    const requests = [1, 2, 3].map(() => rig.ask(target('a', { concurrency: 2 })))
    await rig.ready('a')
    expect(states(requests)).toEqual(['served', 'served', 'refused'])
  })

  test('does not keep anybody from a free place', async () => {
    const rig = new Rig(100, { queue: 1, queueTotal: 1 })
    await rig.serve(one)
    await rig.warm(target('b', { concurrency: 1 }))
    await rig.askAndSettle(one)
    expect((await rig.askAndSettle(target('b', { concurrency: 1 }))).state).toBe('served')
  })
})

describe('waiting for a place', () => {
  test('ends after the longest wait, and costs nobody else anything', async () => {
    const rig = new Rig(100, { queueTimeout: 5_000 })
    const first = await rig.serve(one)
    const tired = await rig.askAndSettle(one)
    rig.clock.turn(3_000)
    const fresh = await rig.askAndSettle(one)
    rig.clock.turn(2_000)
    await settled()
    expect(tired.failure).toMatchObject({ code: 'queue_timeout', retryAfterMs: 1_000 })
    first.done()
    await settled()
    expect(fresh.state).toBe('served')
    expect(rig.clock.pending).toBe(0)
  })

  test('does not count the time of the load', async () => {
    const rig = new Rig(100, { queueTimeout: 5_000 })
    const requests = [await rig.askAndSettle(one), await rig.askAndSettle(one)]
    rig.clock.turn(60_000)
    await rig.ready('a')
    rig.clock.turn(4_999)
    await settled()
    expect(states(requests)).toEqual(['served', 'waits'])
    rig.clock.turn(1)
    await settled()
    expect(states(requests)).toEqual(['served', 'refused'])
  })

  test('for a load that nobody asked for by a request has no end of its own', async () => {
    const rig = new Rig(10, { queueTimeout: 5_000 })
    const busy = await rig.serve(target('a', { bytes: 10 }))
    const wish = rig.scheduler.start(target('b', { bytes: 10 }), new AbortController().signal)
    rig.clock.turn(60_000)
    busy.done()
    await rig.exited('a')
    await rig.ready('b')
    await expect(wish).resolves.toBeUndefined()
  })
})
