/** Settings that change while servers run. */
import { expect, test } from 'vitest'
import type { Target } from '../../../src/router/router.ts'
import { Rig, settled, states, target } from './rig.ts'

const minute = 60_000

/** A profile that names no idle time of its own. */
function usual(name: string): Target {
  const made = target(name, { idle: 10 * minute })
  return { ...made, profile: { ...made.profile, usual: ['idle'] } }
}

test('a server that has been idle for long enough by a new idle time leaves at once, another counts down to it', async () => {
  const rig = new Rig(100, { idle: 10 * minute })
  await rig.warm(usual('a'))
  rig.clock.turn(3 * minute)
  await rig.warm(usual('b'))
  rig.settings.idle = 2 * minute
  rig.scheduler.reconsider()
  rig.clock.turn(0)
  expect(rig.supervisor.calls).toEqual(['start a', 'start b', 'stop a idle'])
  expect(rig.profile('b')?.unloadAt).toBe(rig.clock.wallClock() + 2 * minute - 1)
  rig.clock.turn(2 * minute)
  expect(rig.supervisor.calls).toContain('stop b idle')
})

test('a longer idle time keeps a server, and so does none', async () => {
  const rig = new Rig(100, { idle: minute })
  await rig.warm(usual('a'))
  rig.settings.idle = 5 * minute
  rig.scheduler.reconsider()
  rig.clock.turn(2 * minute)
  expect(rig.supervisor.holding('ready')).toEqual(['a'])
  rig.settings.idle = 0
  rig.scheduler.reconsider()
  rig.clock.turn(60 * minute)
  expect(rig.supervisor.holding('ready')).toEqual(['a'])
  expect(rig.profile('a')?.unloadAt).toBeUndefined()
})

test('a profile’s own idle time stays what it is', async () => {
  const rig = new Rig(100, { idle: 10 * minute })
  await rig.warm(target('a', { idle: 10 * minute }))
  rig.settings.idle = minute
  rig.scheduler.reconsider()
  rig.clock.turn(5 * minute)
  expect(rig.supervisor.holding('ready')).toEqual(['a'])
})

test('a budget that has become smaller is kept at once', async () => {
  const rig = new Rig(100)
  await rig.warm(target('a', { bytes: 60 }))
  rig.budget = 50
  rig.scheduler.reconsider()
  expect(rig.supervisor.calls).toEqual(['start a', 'stop a evicted'])
})

test('a budget that has become larger lets in who waits for room', async () => {
  const rig = new Rig(100)
  await rig.serve(target('a', { bytes: 60 }))
  const waiting = await rig.askAndSettle(target('b', { bytes: 60 }))
  expect(waiting.state).toBe('waits')
  rig.budget = 120
  rig.scheduler.reconsider()
  await rig.ready('b')
  expect(waiting.state).toBe('served')
})

test('more may wait as soon as the bounds of the queue allow it', async () => {
  const rig = new Rig(100, { queue: 1, queueTotal: 1 })
  const one = target('a', { concurrency: 1 })
  await rig.serve(one)
  const before = [rig.ask(one), rig.ask(one)]
  await settled()
  expect(states(before)).toEqual(['waits', 'refused'])
  rig.settings.queue = 2
  rig.settings.queueTotal = 2
  expect((await rig.askAndSettle(one)).state).toBe('waits')
})
