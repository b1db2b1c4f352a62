import { describe, expect, test } from 'vitest'
import { Rig, settled, target } from './rig.ts'

const [a, b] = [target('a', { bytes: 6 }), target('b', { bytes: 6 })]

describe('a load is told of', () => {
  test('with whose request it is for', async () => {
    const rig = new Rig()
    const never = new AbortController().signal
    void rig.scheduler.acquire(a, never, undefined, 'laptop')
    void rig.scheduler.acquire(a, never, undefined, 'phone')
    await settled()
    expect(rig.announced('profile.loading')).toEqual([
      { type: 'profile.loading', profile: 'a', reservedBytes: 6, for: 'request', askedBy: 'laptop' },
    ])
  })

  test('or that somebody only wished it', async () => {
    const rig = new Rig()
    void rig.scheduler.start(a, new AbortController().signal)
    await settled()
    expect(rig.announced('profile.loading')).toMatchObject([{ profile: 'a', for: 'wish', askedBy: null }])
  })
})

describe('an unloading is told of once it is over', () => {
  test('with what it made room for, how long it was idle, what that freed and how long it took', async () => {
    const rig = new Rig(10)
    await rig.warm(a)
    rig.supervisor.measured('a', 5)
    rig.clock.turn(299)
    await rig.askAndSettle(b)
    expect(rig.announced('profile.evicted')).toEqual([])
    rig.clock.turn(1_200)
    await rig.exited('a')
    const facts = { reservedBytes: 6, idleMs: 300, freedBytes: 5, ms: 1_200 }
    expect(rig.announced('profile.evicted')).toEqual([{ type: 'profile.evicted', profile: 'a', for: 'b', ...facts }])
  })

  test('before the load that it made room for', async () => {
    const rig = new Rig(10)
    await rig.warm(a)
    await rig.askAndSettle(b)
    await rig.exited('a')
    const told = rig.events.map(({ type }) => type).filter((type) => type.startsWith('profile.'))
    expect(told).toEqual(['profile.loading', 'profile.evicted', 'profile.loading'])
  })

  test('once only, and not where its own successor waited for its end', async () => {
    const rig = new Rig(10)
    await rig.warm(a)
    await rig.askAndSettle(b)
    rig.supervisor.stopFails('a', new Error('it clings'))
    await settled()
    const again = await rig.askAndSettle(a)
    await rig.exited('a')
    await rig.ready('a')
    expect(again.state).toBe('served')
    expect(rig.announced('profile.evicted')).toEqual([])
  })

  test('and not where a person asked for it', async () => {
    const rig = new Rig()
    await rig.warm(a)
    const stopped = rig.scheduler.stop('a', { now: false })
    await rig.exited('a')
    await stopped
    expect([...rig.announced('profile.evicted'), ...rig.announced('profile.unloaded')]).toEqual([])
  })
})

test('what a load takes for a moment is not held against its server', async () => {
  const rig = new Rig(10)
  await rig.warm(target('c', { bytes: 3 }))
  await rig.askAndSettle(a)
  rig.supervisor.measured('a', 9)
  expect(rig.supervisor.holding('stopping')).toEqual([])
  await rig.ready('a')
  rig.supervisor.measured('a', 9)
  expect(rig.supervisor.holding('stopping')).toEqual(['c'])
})
