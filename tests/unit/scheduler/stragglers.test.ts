import { describe, expect, test } from 'vitest'
import type { Target } from '../../../src/router/router.ts'
import { Rig, settled, states, target } from './rig.ts'
import type { Asked } from './rig.ts'

const one = target('a', { concurrency: 1 })
const patience = 30_000

/** Its client leaves, and its server goes on until the result is called. */
function abandon(asked: Asked): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  asked.lease?.lingers(promise)
  asked.done()
  return async () => {
    resolve()
    await settled()
  }
}

/** The next one comes five seconds after the client of the last has left. */
async function waitsFor(rig: Rig, wanted: Target): Promise<Asked> {
  abandon(await rig.serve(wanted))
  rig.clock.turn(5_000)
  return rig.askAndSettle(wanted)
}

describe('a generation that goes on after its client has left', () => {
  test('keeps its place until it has ended', async () => {
    const rig = new Rig()
    const end = abandon(await rig.serve(one))
    const next = await rig.askAndSettle(one)
    expect([next.state, rig.profile('a')?.active]).toEqual(['waits', 1])
    await end()
    expect([next.state, rig.profile('a')?.active]).toEqual(['served', 1])
    next.done()
    expect(rig.announced('queue.changed').at(-1)).toMatchObject({ active: 0, waiting: 0 })
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('leaves the other places to whoever comes', async () => {
    const rig = new Rig()
    const two = target('a', { concurrency: 2 })
    abandon(await rig.serve(two))
    const next = [await rig.askAndSettle(two), await rig.askAndSettle(two)]
    expect(states(next)).toEqual(['served', 'waits'])
    rig.clock.turn(10 * patience)
    expect(rig.supervisor.calls).toEqual(['start a'])
  })

  test('may have ended before its place is given back', async () => {
    const rig = new Rig()
    const asked = await rig.serve(one)
    asked.lease?.lingers(Promise.resolve())
    asked.done()
    expect((await rig.askAndSettle(one)).state).toBe('served')
  })

  test('is nobody whose answer would be lost: its memory is given to others at once', async () => {
    const rig = new Rig(10)
    abandon(await rig.serve(target('a', { bytes: 10 })))
    const other = await rig.askAndSettle(target('b', { bytes: 10 }))
    await rig.exited('a')
    await rig.ready('b')
    expect(other.state).toBe('served')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a evicted', 'start b'])
  })

  test('does not keep its server loaded', async () => {
    const rig = new Rig()
    abandon(await rig.serve(target('a', { idle: 500 })))
    rig.clock.turn(500)
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a idle'])
  })

  test('is waited for by no stop, and by no shutdown', async () => {
    const rig = new Rig()
    abandon(await rig.serve(one))
    const stop = rig.scheduler.stop('a', { now: false })
    await rig.exited('a')
    await stop
    abandon(await rig.serve(one))
    await rig.scheduler.close(patience)
    expect(rig.clock.pending).toBe(0)
  })

  test('of a server that has ended holds nothing of the next one', async () => {
    const rig = new Rig()
    const end = abandon(await rig.serve(one))
    rig.supervisor.crash('a')
    const next = await rig.serve(one)
    expect(next.state).toBe('served')
    await end()
    expect(rig.profile('a')?.active).toBe(1)
  })
})

describe('who waits for the place of such a generation', () => {
  test('gets a new server when that has taken too long', async () => {
    const rig = new Rig()
    const next = await waitsFor(rig, one)
    rig.clock.turn(patience - 5_001)
    expect(rig.supervisor.calls).toEqual(['start a'])
    rig.clock.turn(1)
    await rig.exited('a')
    await rig.ready('a')
    expect(next.state).toBe('served')
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a abandoned', 'start a'])
  })

  test('gets it at once where nobody came before the time was over', async () => {
    const rig = new Rig()
    abandon(await rig.serve(one))
    rig.clock.turn(10 * patience)
    expect(rig.supervisor.calls).toEqual(['start a'])
    await rig.askAndSettle(one)
    rig.clock.turn(0)
    expect(rig.supervisor.calls).toEqual(['start a', 'stop a abandoned'])
  })

  test('does so only where that would help: not while its memory is promised to somebody older', async () => {
    const rig = new Rig(10)
    const two = target('a', { bytes: 5, concurrency: 2 })
    await rig.serve(target('b', { bytes: 5 }))
    abandon(await rig.serve(two))
    const older = await rig.askAndSettle(target('c', { bytes: 10 }))
    const newer = await rig.askAndSettle(two)
    rig.clock.turn(10 * patience)
    expect(states([older, newer])).toEqual(['waits', 'waits'])
    expect(rig.supervisor.calls).toEqual(['start b', 'start a'])
  })

  test('does not lose the next server to what lingered on the last', async () => {
    const rig = new Rig()
    const next = await waitsFor(rig, one)
    rig.supervisor.crash('a')
    await rig.ready('a')
    await rig.askAndSettle(one)
    rig.clock.turn(10 * patience)
    expect(next.state).toBe('served')
    expect(rig.supervisor.calls).toEqual(['start a', 'start a'])
  })

  test('costs nobody their answer', async () => {
    const rig = new Rig()
    const two = target('a', { concurrency: 2 })
    const served = await rig.serve(two)
    abandon(await rig.askAndSettle(two))
    const next = await rig.askAndSettle(two)
    rig.clock.turn(10 * patience)
    expect(rig.supervisor.calls).toEqual(['start a'])
    abandon(served)
    rig.clock.turn(0)
    expect([next.state, rig.supervisor.calls.at(-1)]).toEqual(['waits', 'stop a abandoned'])
  })

  test('and leaves again has changed nothing', async () => {
    const rig = new Rig()
    const next = await waitsFor(rig, one)
    next.leave()
    rig.clock.turn(10 * patience)
    expect(rig.supervisor.calls).toEqual(['start a'])
    expect(rig.clock.pending).toBe(0)
  })
})
