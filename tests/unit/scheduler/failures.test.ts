import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { Rig, settled, states, target } from './rig.ts'

describe('a load that fails', () => {
  const failure = new GatewayError('model_load_failed', 'no such file')

  test('is told to all who wait for it and to nobody else, and its memory is free again', async () => {
    const rig = new Rig(10)
    const broken = [rig.ask(target('a', { bytes: 10 })), rig.ask(target('a', { bytes: 10 }))]
    const wish = rig.scheduler.start(target('a', { bytes: 10 }), new AbortController().signal)
    const other = rig.ask(target('b', { bytes: 10 }))
    rig.supervisor.startFails('a', failure)
    await expect(wish).rejects.toBe(failure)
    await rig.ready('b')
    expect(broken.map((request) => request.failure)).toEqual([failure, failure])
    expect(other.state).toBe('served')
  })

  test('is tried again for the next who asks', async () => {
    const rig = new Rig()
    await rig.askAndSettle(target('a'))
    rig.supervisor.startFails('a', failure)
    await settled()
    expect((await rig.serve(target('a'))).state).toBe('served')
  })
})

describe('a server that crashes', () => {
  test('is started again for those who wait, and holds no memory meanwhile', async () => {
    const rig = new Rig(10)
    const one = target('a', { bytes: 10, concurrency: 1 })
    const victim = await rig.serve(one)
    const waiting = await rig.askAndSettle(one)
    rig.supervisor.crash('a')
    await rig.ready('a')
    expect(waiting.state).toBe('served')
    victim.done()
    waiting.done()
    expect(rig.supervisor.calls).toEqual(['start a', 'start a'])
    expect(rig.profile('a')?.active).toBe(0)
  })

  test('while idle is not stopped for its idleness later', async () => {
    const rig = new Rig()
    await rig.warm(target('a', { idle: 500 }))
    rig.supervisor.crash('a')
    rig.clock.turn(10_000)
    expect(rig.scheduler.snapshot().profiles).toEqual([])
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('in the moment it became ready is not handed out', async () => {
    const rig = new Rig()
    const request = await rig.askAndSettle(target('a'))
    rig.supervisor.ready('a')
    rig.supervisor.crash('a')
    await settled()
    expect(request.state).toBe('waits')
    await rig.ready('a')
    expect(request.state).toBe('served')
  })

  test('or is ended by the supervisor itself takes nobody from then on', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 10 }))
    void rig.supervisor.condemn('a')
    const [again, other] = [rig.ask(target('a', { bytes: 10 })), rig.ask(target('b', { bytes: 10 }))]
    await settled()
    expect(states([again, other])).toEqual(['waits', 'waits'])
    await rig.exited('a')
    await rig.ready('a')
    expect(states([again, other])).toEqual(['served', 'waits'])
  })
})

describe('a server that cannot be stopped', () => {
  const failure = new Error('it will not die')

  test('is announced, and nobody who counted on it is left waiting', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 6 }))
    const requests = [
      await rig.askAndSettle(target('b', { bytes: 6 })),
      await rig.askAndSettle(target('a', { bytes: 6 })),
    ]
    rig.supervisor.stopFails('a', failure)
    await settled()
    expect(requests.map((request) => request.failure)).toMatchObject([
      { code: 'server_failed' },
      { code: 'server_failed' },
    ])
    expect(rig.announced('scheduler.trouble')).toEqual([
      { type: 'scheduler.trouble', message: 'The server of "a" could not be stopped: it will not die' },
    ])
  })

  test('stays in the books, and is stopped again before anybody gets its memory or its name', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 6 }))
    const stop = rig.scheduler.stop('a', { now: false })
    rig.supervisor.stopFails('a', failure)
    await expect(stop).rejects.toMatchObject({ code: 'server_failed', cause: failure })
    expect(rig.profile('a')?.reservedBytes).toBe(6)
    const requests = [
      await rig.askAndSettle(target('b', { bytes: 4 })),
      await rig.askAndSettle(target('a', { bytes: 6 })),
    ]
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a asked', 'start b', 'stop a evicted'])
    expect(rig.announced('profile.evicted')).toEqual([])
    await rig.exited('a')
    await rig.ready('a')
    await rig.ready('b')
    expect(states(requests)).toEqual(['served', 'served'])
  })

  test('costs those nothing who did not need its memory after all', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 6 }))
    const request = await rig.askAndSettle(target('b', { bytes: 6 }))
    rig.budget = 12
    rig.supervisor.measured('a', 6)
    rig.supervisor.stopFails('a', failure)
    await rig.ready('b')
    expect(request.state).toBe('served')
  })

  test('is stopped again for others even when it is pinned', async () => {
    const rig = new Rig(10)
    const victim = await rig.serve(target('a', { bytes: 6, pinned: true }))
    victim.lease?.condemn('silent for an hour')
    rig.supervisor.stopFails('a', failure)
    await settled()
    await rig.askAndSettle(target('b', { bytes: 6 }))
    expect(rig.supervisor.calls.at(-1)).toBe('stop a evicted')
  })

  test('is forgotten once it has gone after all', async () => {
    const rig = new Rig(10)
    await rig.warm(target('a', { bytes: 6 }))
    const gone = await rig.askAndSettle(target('b', { bytes: 6 }))
    rig.supervisor.stopFails('a', failure)
    await settled()
    await rig.exited('a')
    expect(gone.state).toBe('refused')
    expect(rig.scheduler.snapshot().profiles).toEqual([])
  })
})
