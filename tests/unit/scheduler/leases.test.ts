import { describe, expect, test } from 'vitest'
import { Rig, settled, states, target } from './rig.ts'

describe('a cold profile', () => {
  test('fifty requests make one start, and all of them are served', async () => {
    const rig = new Rig()
    const requests = Array.from({ length: 50 }, () => rig.ask(target('a', { concurrency: 50 })))
    await rig.ready('a')
    expect(states(requests)).toEqual(requests.map(() => 'served'))
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('goes on loading when everybody has left, and serves the next at once', async () => {
    const rig = new Rig()
    const gone = await rig.askAndSettle(target('a'))
    gone.leave()
    await rig.ready('a')
    const next = await rig.askAndSettle(target('a'))
    expect([gone.state, next.state]).toEqual(['refused', 'served'])
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('is loaded by a wish without a request', async () => {
    const rig = new Rig()
    const wish = rig.scheduler.start(target('a'), new AbortController().signal)
    await rig.ready('a')
    await wish
    expect(rig.profile('a')).toMatchObject({ active: 0, waiting: 0 })
    await rig.scheduler.start(target('a'), new AbortController().signal)
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('a wish takes nobody’s place, even where there is only one', async () => {
    const rig = new Rig()
    const wish = rig.scheduler.start(target('a', { concurrency: 1 }), new AbortController().signal)
    const request = rig.ask(target('a', { concurrency: 1 }))
    await rig.ready('a')
    await wish
    expect(request.state).toBe('served')
  })
})

describe('the places of a server', () => {
  test('are never more than its concurrency, and go to those who wait in the order they came', async () => {
    const rig = new Rig()
    const one = target('a', { concurrency: 2 })
    const requests = [rig.ask(one), rig.ask(one), rig.ask(one), rig.ask(one)]
    await rig.ready('a')
    expect(states(requests)).toEqual(['served', 'served', 'waits', 'waits'])
    requests[1]?.done()
    await settled()
    expect(states(requests)).toEqual(['served', 'served', 'served', 'waits'])
    requests[0]?.done()
    await settled()
    expect(states(requests)).toEqual(['served', 'served', 'served', 'served'])
  })

  test('a client that leaves the queue costs nobody anything', async () => {
    const rig = new Rig()
    const one = target('a', { concurrency: 1 })
    const first = await rig.serve(one)
    const [second, third] = [rig.ask(one), rig.ask(one)]
    const reason = new Error('closed the window')
    second.leave(reason)
    first.done()
    await settled()
    expect(second.failure).toBe(reason)
    expect(third.state).toBe('served')
    expect(rig.profile('a')).toMatchObject({ active: 1, waiting: 0 })
    third.done()
    expect(rig.clock.pending).toBe(0)
  })

  test('who has left before asking is not let in', async () => {
    const rig = new Rig()
    const reason = new Error('too late')
    await expect(rig.scheduler.acquire(target('a'), AbortSignal.abort(reason))).rejects.toBe(reason)
    await expect(rig.scheduler.start(target('a'), AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(rig.supervisor.calls).toEqual([])
  })

  test('leaving after having been let in does not give the place back; releasing does, once', async () => {
    const rig = new Rig()
    const one = target('a', { concurrency: 1 })
    const first = await rig.serve(one)
    const [second, third] = [rig.ask(one), rig.ask(one)]
    first.leave()
    await settled()
    expect(second.state).toBe('waits')
    first.done()
    first.done()
    await settled()
    expect([second.state, third.state]).toEqual(['served', 'waits'])
  })

  test('come back at the end of the block that uses the lease', async () => {
    const rig = new Rig()
    await rig.warm(target('a'))
    {
      using lease = await rig.scheduler.acquire(target('a'), new AbortController().signal)
      expect(lease.server.served.profile.name).toBe('a')
      expect(rig.profile('a')?.active).toBe(1)
    }
    expect(rig.profile('a')?.active).toBe(0)
  })

  test('follow the settings of the profile as the latest request let in knows them', async () => {
    const rig = new Rig()
    await rig.warm(target('a', { concurrency: 1 }))
    const two = target('a', { concurrency: 2 })
    expect(states([await rig.askAndSettle(two), await rig.askAndSettle(two)])).toEqual(['served', 'served'])
  })
})

describe('a lease', () => {
  test('tells how long its request queued and how long it watched the load', async () => {
    const rig = new Rig(10)
    const busy = await rig.serve(target('a', { bytes: 10 }))
    const waiting = rig.ask(target('b', { bytes: 10 }))
    rig.clock.turn(300)
    busy.done()
    rig.clock.turn(20)
    await rig.exited('a')
    rig.clock.turn(4_000)
    const late = rig.ask(target('b', { bytes: 10 }))
    rig.clock.turn(1_000)
    await rig.ready('b')
    expect(waiting.lease).toMatchObject({ queueMs: 320, loadMs: 5_000 })
    expect(late.lease).toMatchObject({ queueMs: 0, loadMs: 1_000 })
    expect((await rig.askAndSettle(target('b'))).lease).toMatchObject({ queueMs: 0, loadMs: 0 })
  })

  test('shares with the others on its server when that last delivered anything', async () => {
    const rig = new Rig()
    const first = await rig.serve(target('a'))
    rig.clock.turn(70)
    const second = await rig.askAndSettle(target('a'))
    expect(second.lease?.lastProgress()).toBe(1_000)
    first.lease?.progressed()
    expect(second.lease?.lastProgress()).toBe(1_070)
  })

  test('does not blame a server for having been silent while nobody used it', async () => {
    const rig = new Rig()
    await rig.warm(target('a'))
    rig.clock.turn(5_000)
    const request = await rig.askAndSettle(target('a'))
    expect(request.lease?.lastProgress()).toBe(rig.clock.now())
  })

  test('that condemns its server ends it, and the next request gets a new one', async () => {
    const rig = new Rig()
    const victim = await rig.serve(target('a'))
    victim.lease?.condemn('silent for an hour')
    victim.lease?.condemn('still silent')
    const next = await rig.askAndSettle(target('a'))
    expect(next.state).toBe('waits')
    await rig.exited('a')
    victim.lease?.condemn('a server that is gone')
    await rig.ready('a')
    expect(next.state).toBe('served')
    expect(rig.supervisor.calls).toEqual(['start a', 'condemn a', 'start a'])
    victim.lease?.condemn('the server of somebody else')
    expect(rig.supervisor.calls).toHaveLength(3)
  })

  test('that suspects its server has it examined, unless another one serves its profile by now', async () => {
    const rig = new Rig()
    const victim = await rig.serve(target('a'))
    await victim.lease?.suspect('broke off an answer')
    expect(rig.supervisor.calls).toEqual(['start a', 'suspect a'])
    rig.supervisor.crash('a')
    await rig.serve(target('a'))
    await victim.lease?.suspect('broke off an answer')
    expect(rig.supervisor.calls).toEqual(['start a', 'suspect a', 'start a'])
  })

  test('from a server that has gone gives no place on the next one', async () => {
    const rig = new Rig()
    const one = target('a', { concurrency: 1 })
    const victim = await rig.serve(one)
    rig.supervisor.crash('a')
    const next = await rig.serve(one)
    const last = rig.ask(one)
    victim.done()
    await settled()
    expect([next.state, last.state]).toEqual(['served', 'waits'])
  })
})

describe('who waits is told', () => {
  test('its position, and how the load goes, and nothing twice', async () => {
    const rig = new Rig(10)
    const one = { bytes: 10, concurrency: 1 }
    const busy = await rig.serve(target('a', one))
    const [first, second] = [rig.ask(target('b', one)), rig.ask(target('b', one))]
    rig.supervisor.measured('a', 10)
    busy.done()
    await rig.exited('a')
    const progress = { phase: 'loading', message: 'half of it', share: 0.5 } as const
    rig.supervisor.progress('b', progress)
    await rig.ready('b')
    const loading = [
      { phase: 'loading', progress: undefined },
      { phase: 'loading', progress },
    ]
    expect(first.told).toEqual([{ phase: 'queued', position: 1, behind: ['a'] }, ...loading])
    expect(second.told).toEqual([
      { phase: 'queued', position: 2, behind: ['a'] },
      ...loading,
      { phase: 'queued', position: 1, behind: ['b'] },
    ])
  })

  test('what is in the way, where that changes', async () => {
    const rig = new Rig(10)
    const [one] = [await rig.serve(target('a', { bytes: 5 })), await rig.serve(target('b', { bytes: 5 }))]
    const waiting = await rig.askAndSettle(target('big', { bytes: 10 }))
    one.done()
    expect(waiting.told).toEqual([
      { phase: 'queued', position: 1, behind: ['a', 'b'] },
      { phase: 'queued', position: 1, behind: ['b'] },
    ])
  })

  test('nothing when it is served at once', async () => {
    const rig = new Rig()
    await rig.warm(target('a'))
    expect((await rig.askAndSettle(target('a'))).told).toEqual([])
  })

  test('nothing after it has left', async () => {
    const rig = new Rig()
    const second = new AbortController()
    const told: unknown[] = []
    const first = rig.scheduler.acquire(target('a'), new AbortController().signal, (waiting) => {
      if (waiting.phase === 'loading' && waiting.progress !== undefined) second.abort(new Error('gone'))
    })
    const gone = rig.scheduler.acquire(target('a'), second.signal, (waiting) => told.push(waiting))
    rig.supervisor.progress('a', { phase: 'loading', message: 'half of it', share: 0.5 })
    await expect(gone).rejects.toThrow('gone')
    expect(told).toEqual([{ phase: 'loading', progress: undefined }])
    rig.supervisor.ready('a')
    using lease = await first
    expect(lease.server.pid).toBe(rig.supervisor.pidOf('a'))
  })

  test('and leaves when it cannot bear the news, without harm to others', async () => {
    const rig = new Rig()
    const failure = new Error('the socket is gone')
    const broken = rig.scheduler.acquire(target('a'), new AbortController().signal, () => {
      throw failure
    })
    const other = rig.ask(target('a'))
    await expect(broken).rejects.toBe(failure)
    await rig.ready('a')
    expect(other.state).toBe('served')
    expect(rig.profile('a')).toMatchObject({ active: 1, waiting: 0 })
  })
})

test('what changes in queue and use is announced', async () => {
  const rig = new Rig()
  const one = target('a', { concurrency: 1 })
  const first = await rig.serve(one)
  const second = await rig.askAndSettle(one)
  second.leave()
  first.done()
  const said = rig.events.map((event) => (event.type === 'queue.changed' ? [event.waiting, event.active] : event.type))
  expect(said).toEqual(['profile.loading', [1, 0], [0, 1], [1, 1], [0, 1], [0, 0]])
})
