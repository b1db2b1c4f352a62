import { describe, expect, test } from 'vitest'
import { host, never, served, smallEngine } from '../../fixtures/supervisor/small.ts'
import { supervised } from '../../fixtures/supervisor/world.ts'

const quick = smallEngine({ stopLadder: [{ signal: 'SIGINT', waitMs: 50 }] })
const groupOf = async (pid: number) => (await host.group(pid)).length

describe('a stop', () => {
  test('resolves when the whole group is gone', async () => {
    const { supervisor, events, stateOf } = supervised()
    const { pid } = await supervisor.ensureReady(served('small'), never)
    await supervisor.stop('small', 'idle')
    expect(await groupOf(pid)).toBe(0)
    expect(stateOf('small')).toEqual({ kind: 'stopped' })
    expect(events.slice(-2)).toEqual([
      { type: 'server.stopping', profile: 'small', reason: 'idle' },
      expect.objectContaining({ type: 'server.stopped', profile: 'small', reason: 'idle' }),
    ])
  })

  test('tells what was freed, and how long it took', async () => {
    const { supervisor, events, announced } = supervised()
    await supervisor.ensureReady(served('small'), never)
    await announced('server.measured')
    const measured = events.findLast((event) => event.type === 'server.measured')
    await supervisor.stop('small', 'asked')
    const stopped = events.findLast((event) => event.type === 'server.stopped')
    expect(stopped?.freedBytes).toBe(measured?.memoryBytes)
    expect(stopped?.ms).toBeGreaterThan(0)
  })

  test('asks politely first: SIGINT reaches the server', async () => {
    const script = 'trap "echo polite; exit 0" INT; echo up; while :; do sleep 0.01; done'
    const prepared = smallEngine()
    const engine = { ...prepared, command: () => ({ file: 'sh', arguments: ['-c', script], environment: {} }) }
    const { supervisor } = supervised({ engine })
    const starting = supervisor.ensureReady(served('small'), never)
    const up = Promise.withResolvers<void>()
    supervisor.follow('small', (line) => line === 'up' && up.resolve(), never)
    await up.promise
    await Promise.all([expect(starting).rejects.toThrow('was stopped'), supervisor.stop('small', 'asked')])
    expect(supervisor.log('small')).toEqual(['up', 'polite'])
  })

  test('asked for while it stops, it starts again after the exit', async () => {
    const { supervisor, events } = supervised()
    const first = await supervisor.ensureReady(served('small'), never)
    const stopped = supervisor.stop('small', 'evicted')
    const second = await supervisor.ensureReady(served('small'), never)
    await stopped
    expect(second.pid).not.toBe(first.pid)
    const kinds = events.map(({ type }) => type).filter((type) => type !== 'server.measured')
    expect(kinds.slice(-5)).toEqual([
      'server.stopping',
      'server.stopped',
      'server.starting',
      'server.progress',
      'server.ready',
    ])
  })

  test('comes between two servers where the settings have changed', async () => {
    const { supervisor, events } = supervised()
    const first = await supervisor.ensureReady(served('small'), never)
    const second = await supervisor.ensureReady(served('small', 'changed'), never)
    expect(await groupOf(first.pid)).toBe(0)
    expect(second.pid).not.toBe(first.pid)
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'server.stopped', profile: 'small', reason: 'changed' }),
    )
  })

  test('kills a server that ignores every signal, with what it has forked', async () => {
    const { supervisor } = supervised({ engine: quick })
    const { pid } = await supervisor.ensureReady(served('small', 'ignores-signals', 'has-grandchild'), never)
    expect(await groupOf(pid)).toBe(4)
    await supervisor.stop('small', 'idle')
    expect(await groupOf(pid)).toBe(0)
  })

  test('does not wait for a process that left the group and holds the pipes', async () => {
    const { supervisor, stateOf } = supervised()
    const { pid } = await supervisor.ensureReady(served('small', 'has-runaway'), never)
    await supervisor.stop('small', 'idle')
    expect(await groupOf(pid)).toBe(0)
    expect(stateOf('small').kind).toBe('stopped')
  })

  test('of a start ends it, and tells those who wait', async () => {
    const { supervisor, announced, store } = supervised()
    const starting = supervisor.ensureReady(served('small', 'silent'), never)
    await announced('server.progress')
    await Promise.all([
      expect(starting).rejects.toMatchObject({ code: 'server_unavailable' }),
      supervisor.stop('small', 'asked'),
    ])
    expect(store.list()).toEqual([])
  })

  test('of what does not run is nothing', async () => {
    const { supervisor, events } = supervised()
    await supervisor.stop('small', 'asked')
    await supervisor.condemn('small', 'no reason')
    await supervisor.suspect('small', 'no reason')
    supervisor.reset('small')
    expect(events).toEqual([])
  })

  test('of everything refuses those who come later', async () => {
    const { supervisor, store } = supervised()
    await Promise.all(['one', 'two'].map((name) => supervisor.ensureReady(served(name), never)))
    const late = supervisor.ensureReady(served('three', 'silent'), never)
    await Promise.all([expect(late).rejects.toMatchObject({ code: 'shutting_down' }), supervisor.close()])
    expect(store.list()).toEqual([])
    await expect(supervisor.ensureReady(served('one'), never)).rejects.toMatchObject({ code: 'shutting_down' })
  })
})
