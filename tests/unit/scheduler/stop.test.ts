import { describe, expect, test } from 'vitest'
import { Rig, settled, states, target } from './rig.ts'

const one = target('a', { concurrency: 1 })

describe('a server that a person stops', () => {
  test('first serves the requests it has; who waits or comes in the meantime gets the next one', async () => {
    const rig = new Rig()
    const [held, queued] = [await rig.serve(one), await rig.askAndSettle(one)]
    const stop = rig.scheduler.stop('a', { now: false })
    const late = await rig.askAndSettle(one)
    expect(rig.supervisor.calls).toEqual(['start a'])
    held.done()
    await settled()
    expect(states([queued, late])).toEqual(['waits', 'waits'])
    await rig.exited('a')
    await stop
    await rig.ready('a')
    expect(states([queued, late])).toEqual(['served', 'waits'])
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a asked', 'start a'])
  })

  test('at once ends those that it has', async () => {
    const rig = new Rig()
    const held = await rig.serve(one)
    const stop = rig.scheduler.stop('a', { now: true })
    expect(rig.supervisor.holding('stopping')).toEqual(['a'])
    await rig.exited('a')
    await stop
    held.done()
    expect(rig.scheduler.snapshot().profiles).toEqual([])
  })

  test('while it drains can be stopped at once after all', async () => {
    const rig = new Rig()
    await rig.serve(one)
    const stops = [rig.scheduler.stop('a', { now: false }), rig.scheduler.stop('a', { now: true })]
    await rig.exited('a')
    await Promise.all(stops)
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a asked'])
  })

  test('while it loads, refuses those who wait for it, and who comes after that gets the next one', async () => {
    const rig = new Rig()
    const waiting = await rig.askAndSettle(one)
    const stop = rig.scheduler.stop('a', { now: false })
    const late = await rig.askAndSettle(one)
    expect(waiting.failure).toMatchObject({ code: 'server_unavailable', message: expect.stringContaining('stopped') })
    expect(late.state).toBe('waits')
    await rig.exited('a')
    await stop
    await rig.ready('a')
    expect(late.state).toBe('served')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a asked', 'start a'])
  })

  test('in the moment it becomes ready is not handed out', async () => {
    const rig = new Rig()
    await rig.askAndSettle(one)
    rig.supervisor.ready('a')
    const stop = rig.scheduler.stop('a', { now: false })
    const late = await rig.askAndSettle(one)
    expect(late.state).toBe('waits')
    await rig.exited('a')
    await stop
    await rig.ready('a')
    expect(late.state).toBe('served')
  })

  test('while it stops already is waited for', async () => {
    const rig = new Rig()
    await rig.warm(target('a', { idle: 100 }))
    rig.clock.turn(100)
    let stopped = false
    const stop = rig.scheduler.stop('a', { now: true }).then(() => (stopped = true))
    await settled()
    expect(stopped).toBe(false)
    await rig.exited('a')
    await stop
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a idle'])
  })

  test('is left to the supervisor where nothing is known of it', async () => {
    const rig = new Rig()
    await rig.scheduler.stop('a', { now: false })
    expect(rig.supervisor.calls).toEqual(['stop a asked'])
  })

  test('is not counted as pinned any more by those who need its memory', async () => {
    const rig = new Rig(10)
    const held = await rig.serve(target('a', { bytes: 6, pinned: true }))
    void rig.scheduler.stop('a', { now: false })
    const other = await rig.askAndSettle(target('b', { bytes: 6 }))
    expect(other.state).toBe('waits')
    held.done()
    await rig.exited('a')
    await rig.ready('b')
    expect(other.state).toBe('served')
  })

  test('leaves even when it is pinned', async () => {
    const rig = new Rig()
    await rig.warm(target('a', { pinned: true }))
    const stop = rig.scheduler.stop('a', { now: false })
    await rig.exited('a')
    await stop
    expect(rig.scheduler.snapshot().profiles).toEqual([])
  })
})

describe('a profile that has changed', () => {
  test('keeps its server for those who have asked by now; who comes later gets a new one, with the new settings', async () => {
    const rig = new Rig()
    const [held, queued] = [await rig.serve(one), await rig.askAndSettle(one)]
    rig.scheduler.retire('a')
    const changed = { ...one, profile: { ...one.profile, arguments: ['--new'] } }
    const late = await rig.askAndSettle(changed)
    held.done()
    await settled()
    expect(states([queued, late])).toEqual(['served', 'waits'])
    queued.done()
    await rig.exited('a')
    await rig.ready('a')
    expect(late.lease?.server.served.profile.arguments).toEqual(['--new'])
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a changed', 'start a'])
  })

  test('gets its new server with the settings that the newest request knows', async () => {
    const rig = new Rig(10)
    const busy = await rig.serve(target('b', { bytes: 10 }))
    const changed = { ...one, profile: { ...one.profile, arguments: ['--new'] } }
    const [first] = [await rig.askAndSettle(one), await rig.askAndSettle(changed)]
    busy.done()
    await rig.exited('b')
    await rig.ready('a')
    expect(first.lease?.server.served.profile.arguments).toEqual(['--new'])
  })

  test('while loading, serves those who have asked by now before it stops', async () => {
    const rig = new Rig()
    const early = await rig.askAndSettle(one)
    rig.scheduler.retire('a')
    const late = await rig.askAndSettle(one)
    await rig.ready('a')
    expect(states([early, late])).toEqual(['served', 'waits'])
    early.done()
    await rig.exited('a')
    await rig.ready('a')
    expect(late.state).toBe('served')
  })

  test('stops at once where its server is idle, and nothing happens where there is none', async () => {
    const rig = new Rig()
    await rig.warm(one)
    rig.scheduler.retire('a')
    rig.scheduler.retire('b')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a changed'])
  })
})

describe('closing', () => {
  test('refuses newcomers and those who wait, and waits for the leases that are out', async () => {
    const rig = new Rig()
    const one = target('a', { concurrency: 1, idle: 100 })
    const [held, queued] = [await rig.serve(one), await rig.askAndSettle(one)]
    const loading = await rig.askAndSettle(target('b'))
    let closed = false
    const close = rig.scheduler.close(30_000).then(() => (closed = true))
    const late = await rig.askAndSettle(one)
    const failures = [queued, loading, late].map((request) => request.failure)
    expect(failures).toMatchObject(failures.map(() => ({ code: 'shutting_down' })))
    await expect(rig.scheduler.start(one, new AbortController().signal)).rejects.toMatchObject({
      code: 'shutting_down',
    })
    expect(closed).toBe(false)
    held.done()
    await close
    expect(rig.clock.pending).toBe(0)
  })

  test('waits no longer than it was given', async () => {
    const rig = new Rig()
    await rig.serve(one)
    const close = rig.scheduler.close(30_000)
    rig.clock.turn(30_000)
    await close
    expect(rig.profile('a')?.active).toBe(1)
  })

  test('is done at once where nothing is under way, and unloads nobody any more', async () => {
    const rig = new Rig()
    await rig.warm(target('a', { idle: 100 }))
    await rig.scheduler.close(30_000)
    await rig.scheduler.close(30_000)
    expect(rig.clock.pending).toBe(0)
    rig.supervisor.measured('a', 1_000)
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('no longer waits for loads', async () => {
    const rig = new Rig()
    await rig.askAndSettle(one)
    await rig.scheduler.close(30_000)
    await settled()
    expect(rig.scheduler.snapshot().profiles).toEqual([])
  })
})
