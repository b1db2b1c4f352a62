import { describe, expect, test } from 'vitest'
import { Rig, settled, states, target } from './rig.ts'

describe('two that do not fit together', () => {
  test('the busy one is waited for and never cut off', async () => {
    const rig = new Rig(10)
    const [one, two] = [await rig.serve(target('a', { bytes: 6 })), await rig.askAndSettle(target('a', { bytes: 6 }))]
    const other = await rig.askAndSettle(target('b', { bytes: 6 }))
    one.done()
    await settled()
    expect(rig.supervisor.calls).toEqual(['start a'])
    two.done()
    await rig.exited('a')
    await rig.ready('b')
    expect(other.state).toBe('served')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a evicted', 'start b'])
    expect(rig.announced('profile.evicted')).toMatchObject([{ profile: 'a', for: 'b', reservedBytes: 6 }])
  })

  test('a load in flight counts: the second does not start on the memory of the first', async () => {
    const rig = new Rig(10)
    const first = rig.ask(target('a', { bytes: 6 }))
    const second = rig.ask(target('b', { bytes: 6 }))
    await settled()
    expect(rig.supervisor.calls).toEqual(['start a'])
    await rig.ready('a')
    expect(states([first, second])).toEqual(['served', 'waits'])
  })

  test('the new one starts only after the old one has exited', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 6 }))
    await rig.askAndSettle(target('b', { bytes: 6 }))
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a evicted'])
    await rig.exited('a')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a evicted', 'start b'])
  })

  test('newcomers of the busy one queue behind whoever waits for its memory, and are served after the swap', async () => {
    const rig = new Rig(10)
    const [a, b] = [target('a', { bytes: 6 }), target('b', { bytes: 6 })]
    const early = await rig.serve(a)
    const blocked = await rig.askAndSettle(b)
    const late = await rig.askAndSettle(a)
    expect(states([early, blocked, late])).toEqual(['served', 'waits', 'waits'])
    early.done()
    await rig.exited('a')
    await rig.ready('b')
    expect(states([blocked, late])).toEqual(['served', 'waits'])
    blocked.done()
    await rig.exited('b')
    await rig.ready('a')
    expect(late.state).toBe('served')
  })

  test('are swapped once for all who wait, however their requests alternate', async () => {
    const rig = new Rig(10)
    const [a, b] = [target('a', { bytes: 6, concurrency: 1 }), target('b', { bytes: 6, concurrency: 1 })]
    const holder = await rig.serve(a)
    const requests = Array.from({ length: 8 }, (_, index) => rig.ask(index % 2 === 0 ? b : a))
    holder.done()
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      await rig.exited(from)
      await rig.ready(to)
      for (let turn = 0; turn < 4; turn += 1) {
        for (const request of requests) if (request.lease?.server.served.profile.name === to) request.done()
        await settled()
      }
    }
    expect(states(requests)).toEqual(requests.map(() => 'served'))
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a evicted', 'start b', 'stop b evicted', 'start a'])
  })

  test('one that was just loaded serves who waited for it before it makes room, even for an older request', async () => {
    const rig = new Rig(10)
    const busy = await rig.serve(target('a', { bytes: 6 }))
    const older = await rig.askAndSettle(target('big', { bytes: 6 }))
    const younger = await rig.askAndSettle(target('small', { bytes: 4 }))
    rig.budget = 9
    busy.done()
    await rig.ready('small')
    expect(states([older, younger])).toEqual(['waits', 'served'])
    younger.done()
    expect(rig.supervisor.holding('stopping')).toEqual(['a', 'small'])
  })
})

describe('room is made', () => {
  test('by the longest unused, and only by as many as needed', async () => {
    const rig = new Rig(10)
    for (const name of ['a', 'b', 'c']) await rig.warm(target(name, { bytes: 3 }))
    const again = await rig.askAndSettle(target('a', { bytes: 3 }))
    again.done()
    await rig.askAndSettle(target('d', { bytes: 4 }))
    expect(rig.supervisor.calls.filter((call) => call.startsWith('stop'))).toEqual(['stop b evicted'])
  })

  test('by several at once, each of them stopped once', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 5 }))
    await rig.warm(target('b', { bytes: 5 }))
    const big = await rig.askAndSettle(target('big', { bytes: 10 }))
    expect(rig.supervisor.calls.slice(2)).toEqual(['stop a evicted', 'stop b evicted'])
    await rig.exited('b')
    await rig.exited('a')
    await rig.ready('big')
    expect(big.state).toBe('served')
  })

  test('once for two who can share it', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 8 }))
    await rig.warm(target('b', { bytes: 2 }))
    const [x, y] = [rig.ask(target('x', { bytes: 4 })), rig.ask(target('y', { bytes: 4 }))]
    await settled()
    expect(rig.supervisor.holding('stopping')).toEqual(['a'])
    await rig.exited('a')
    await rig.ready('x')
    await rig.ready('y')
    expect(states([x, y])).toEqual(['served', 'served'])
    expect(rig.supervisor.holding('ready')).toEqual(['b', 'x', 'y'])
  })

  test('never by a pinned one; what cannot fit beside it is refused with the numbers', async () => {
    const gigabyte = 1024 ** 3
    const rig = new Rig(10 * gigabyte)
    await rig.warm(target('a', { bytes: 6 * gigabyte, pinned: true }))
    const request = await rig.askAndSettle(target('b', { bytes: 5 * gigabyte }))
    expect(request.failure).toMatchObject({
      code: 'insufficient_memory',
      message:
        '"b" needs 5 GB of memory, but the budget is 10 GB, of which pinned models hold 6 GB. To run it, unpin a model, choose a smaller one, or raise memory.budget.',
    })
    expect(rig.supervisor.holding('ready')).toEqual(['a'])
  })

  describe('for a profile that has failed', () => {
    const broken = target('b', { bytes: 6 })

    async function askForBroken(kind: 'transient' | 'permanent', pauseMs: number, wanted = broken) {
      const rig = new Rig(10)
      await rig.warm(target('a', { bytes: 6 }))
      const failure = { code: 'model_load_failed', diagnosis: { kind, reason: 'it broke' }, lines: [] } as const
      const now = rig.clock.wallClock()
      const state = { kind: 'failed', since: now, failures: 5, retryAt: now + pauseMs, ...failure } as const
      rig.supervisor.failed.push({ served: broken, state })
      return { rig, request: await rig.askAndSettle(wanted) }
    }

    test('by nobody, when it would be refused for its failures', async () => {
      const { rig, request } = await askForBroken('transient', 7_000)
      expect(request.failure).toMatchObject({ code: 'server_unavailable', retryAfterMs: 7_000 })
      expect(rig.supervisor.holding('ready')).toEqual(['a'])
    })

    test('by nobody, when it cannot be mended by trying again', async () => {
      const { rig, request } = await askForBroken('permanent', 60_000)
      expect(request.failure).toMatchObject({ code: 'model_load_failed', retryAfterMs: undefined })
      expect(rig.supervisor.holding('ready')).toEqual(['a'])
    })

    test('as for any other, when its pause is nearly over', async () => {
      const { rig } = await askForBroken('transient', 5_000)
      expect(rig.supervisor.holding('stopping')).toEqual(['a'])
    })

    test('as for any other, when its settings have changed', async () => {
      const mended = { ...broken, profile: { ...broken.profile, arguments: ['--another-flag'] } }
      const { rig } = await askForBroken('permanent', 60_000, mended)
      expect(rig.supervisor.holding('stopping')).toEqual(['a'])
    })
  })

  test('no longer for somebody who has left', async () => {
    const rig = new Rig(10)
    const busy = await rig.serve(target('a', { bytes: 6 }))
    const gone = await rig.askAndSettle(target('b', { bytes: 6 }))
    const held = await rig.askAndSettle(target('a', { bytes: 6 }))
    gone.leave()
    await settled()
    expect(held.state).toBe('served')
    busy.done()
    held.done()
    expect(rig.supervisor.calls).toEqual(['start a'])
  })
})

describe('what servers were measured to hold', () => {
  test('beyond the budget makes idle ones leave, the longest unused first', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 3 }))
    await rig.warm(target('b', { bytes: 3 }))
    await rig.serve(target('c', { bytes: 3 }))
    rig.supervisor.measured('c', 5)
    expect(rig.supervisor.holding('stopping')).toEqual(['a'])
    await rig.exited('a')
    expect(rig.announced('profile.evicted')).toMatchObject([{ profile: 'a', for: undefined }])
    expect(rig.profile('c')?.reservedBytes).toBe(5)
  })

  test('beyond the budget ends neither busy nor pinned ones', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 3, pinned: true }))
    const busy = await rig.serve(target('b', { bytes: 3 }))
    rig.supervisor.measured('b', 50)
    expect(rig.supervisor.holding('stopping')).toEqual([])
    busy.done()
    expect(rig.supervisor.holding('stopping')).toEqual(['b'])
  })

  test('below what was reserved frees nothing, and beyond it keeps others waiting', async () => {
    const rig = new Rig(10)
    await rig.serve(target('a', { bytes: 6 }))
    rig.supervisor.measured('a', 1)
    expect(rig.profile('a')?.reservedBytes).toBe(6)
    rig.supervisor.measured('a', 8)
    await rig.askAndSettle(target('b', { bytes: 4 }))
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('brings a changed budget into force', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 4 }))
    await rig.serve(target('b', { bytes: 4 }))
    const waiting = await rig.askAndSettle(target('c', { bytes: 10 }))
    rig.budget = 18
    rig.supervisor.measured('b', 4)
    expect(rig.supervisor.calls.at(-1)).toBe('start c')
    rig.budget = 8
    waiting.leave()
    rig.supervisor.measured('b', 4)
    expect(rig.supervisor.holding('stopping')).toEqual(['a'])
  })
})
