import { describe, expect, test } from 'vitest'
import { Rig, settled, target } from './rig.ts'

const minute = 60_000
const a = target('a', { bytes: 6, idle: minute })
const b = target('b', { bytes: 6 })
const stays = target('stays', { bytes: 6, idle: minute, pinned: true })

describe('a server that a person pinned', () => {
  test('is not unloaded for being unused, from that moment on', async () => {
    const rig = new Rig()
    await rig.warm(a)
    rig.scheduler.pin('a', true)
    expect(rig.profile('a')).toMatchObject({ pinned: true, unloadAt: undefined })
    rig.clock.turn(10 * minute)
    expect(rig.supervisor.holding('ready')).toEqual(['a'])
  })

  test('makes room for nobody: who waits for that is refused at once', async () => {
    const rig = new Rig(10)
    const busy = await rig.serve(a)
    const waiting = await rig.askAndSettle(b)
    rig.scheduler.pin('a', true)
    await settled()
    expect(waiting.failure).toMatchObject({ code: 'insufficient_memory' })
    busy.done()
    expect(rig.supervisor.holding('stopping')).toEqual([])
  })
})

describe('a server that a person unpinned', () => {
  test('is unloaded at once where it has been unused for long enough', async () => {
    const rig = new Rig()
    await rig.warm(stays)
    rig.clock.turn(10 * minute)
    expect(rig.supervisor.holding('ready')).toEqual(['stays'])
    rig.scheduler.pin('stays', false)
    rig.clock.turn(0)
    expect(rig.supervisor.calls).toContain('stop stays idle')
  })

  test('makes room', async () => {
    const rig = new Rig(10)
    await rig.warm(stays)
    rig.scheduler.pin('stays', false)
    await rig.askAndSettle(b)
    expect(rig.supervisor.calls).toContain('stop stays evicted')
  })
})

describe('what a person said', () => {
  test('is written down, told, and holds for the next scheduler', async () => {
    const rig = new Rig()
    rig.scheduler.pin('a', true)
    rig.scheduler.pin('stays', false)
    expect(rig.announced('profile.pinned')).toMatchObject([{ profile: 'a' }, { profile: 'stays', pinned: false }])
    const next = new Rig(100, {}, rig.pins)
    expect([next.scheduler.isPinned(a.profile), next.scheduler.isPinned(stays.profile)]).toEqual([true, false])
  })

  test('is forgotten with its profile, and moves with its name', () => {
    const rig = new Rig()
    rig.scheduler.pin('a', true)
    rig.scheduler.movePin('a', 'b')
    expect([a, b].map(({ profile }) => rig.scheduler.isPinned(profile))).toEqual([false, true])
    rig.scheduler.movePin('b', 'b')
    expect(rig.scheduler.isPinned(b.profile)).toBe(true)
    rig.scheduler.forgetPin('b')
    expect(rig.scheduler.isPinned(b.profile)).toBe(false)
    expect(rig.pins.list()).toEqual([])
  })

  test('is shown of who is only waited for', async () => {
    const rig = new Rig(10)
    await rig.serve(b)
    rig.scheduler.pin('a', true)
    await rig.askAndSettle(a)
    expect(rig.profile('a')).toMatchObject({ waiting: 1, pinned: true })
  })
})
