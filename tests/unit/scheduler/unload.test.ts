import { describe, expect, test } from 'vitest'
import { Rig, settled, target } from './rig.ts'

const minute = 60_000
const a = target('a', { idle: 10 * minute, concurrency: 1 })

describe('an idle server is unloaded', () => {
  test('when nobody has used it for its idle time, counted from the end of the last request', async () => {
    const rig = new Rig()
    const long = await rig.serve(a)
    rig.clock.turn(60 * minute)
    expect(rig.supervisor.holding('ready')).toEqual(['a'])
    long.done()
    rig.clock.turn(10 * minute - 1)
    expect(rig.supervisor.holding('ready')).toEqual(['a'])
    rig.clock.turn(1)
    await rig.exited('a')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a idle'])
    expect(rig.announced('profile.unloaded')).toMatchObject([{ profile: 'a', idleMs: 10 * minute }])
    expect(rig.scheduler.snapshot().profiles).toEqual([])
  })

  test('not while it loads, however long that takes, and not before its idle time after that', async () => {
    const rig = new Rig()
    const wish = rig.scheduler.start(a, new AbortController().signal)
    rig.clock.turn(60 * minute)
    await rig.ready('a')
    await wish
    rig.clock.turn(10 * minute - 1)
    expect(rig.supervisor.calls).toEqual(['start a'])
    rig.clock.turn(1)
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a idle'])
  })

  test('not when a request came at the last moment', async () => {
    const rig = new Rig()
    await rig.warm(a)
    rig.clock.turn(10 * minute - 2)
    const request = await rig.askAndSettle(a)
    rig.clock.turn(2 * minute)
    request.done()
    rig.clock.turn(10 * minute - 1)
    expect(rig.supervisor.calls).toEqual(['start a'])
    rig.clock.turn(1)
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a idle'])
  })

  test('and who asks while it stops waits for the exit and gets a new one', async () => {
    const rig = new Rig()
    await rig.warm(a)
    rig.clock.turn(10 * minute)
    const request = await rig.askAndSettle(a)
    expect(request.state).toBe('waits')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a idle'])
    await rig.exited('a')
    await rig.ready('a')
    expect(request.state).toBe('served')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a idle', 'start a'])
  })

  test('never, when it is pinned or its idle time is 0', async () => {
    const rig = new Rig()
    await rig.warm(target('pinned', { idle: minute, pinned: true }))
    await rig.warm(target('forever', { idle: 0 }))
    rig.clock.turn(1_000 * minute)
    expect(rig.supervisor.holding('ready')).toEqual(['pinned', 'forever'])
    expect(rig.clock.pending).toBe(0)
  })

  test('later, when it was promised to somebody who has left again', async () => {
    const rig = new Rig(10)
    const [one, two] = [target('a', { bytes: 5, idle: minute }), target('b', { bytes: 5, idle: minute })]
    await rig.warm(one)
    const busy = await rig.serve(two)
    const gone = await rig.askAndSettle(target('c', { bytes: 10 }))
    const blocked = await rig.askAndSettle(one)
    rig.clock.turn(minute)
    expect([blocked.state, rig.supervisor.holding('stopping')]).toEqual(['waits', []])
    blocked.leave()
    gone.leave()
    await settled()
    rig.clock.turn(minute)
    expect(rig.supervisor.holding('stopping')).toEqual(['a'])
    busy.done()
  })
})

test('a snapshot says what is held, by whom, and until when', async () => {
  const rig = new Rig(100)
  const b = target('b', { bytes: 95, idle: minute, pinned: true, concurrency: 1 })
  await rig.warm(target('a', { bytes: 5, idle: minute }))
  await rig.serve(b)
  await rig.askAndSettle(b)
  rig.clock.turn(10)
  const now = rig.clock.wallClock()
  const idle = { active: 0, waiting: 0, pinned: false }
  const held = { active: 1, waiting: 1, pinned: true }
  expect(rig.scheduler.snapshot()).toEqual({
    budgetBytes: 100,
    profiles: [
      { profile: 'a', ...idle, reservedBytes: 5, lastUsed: now - 11, unloadAt: now - 11 + minute },
      { profile: 'b', ...held, reservedBytes: 95, lastUsed: now - 10, unloadAt: undefined },
    ],
  })
  await rig.askAndSettle(target('c', { bytes: 5 }))
  expect(rig.profile('c')).toEqual({
    profile: 'c',
    ...idle,
    waiting: 1,
    reservedBytes: 0,
    lastUsed: undefined,
    unloadAt: undefined,
  })
})
