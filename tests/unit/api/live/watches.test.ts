import { describe, expect, test } from 'vitest'
import type { LiveEvent, ServersView } from '../../../../src/api/admin/admin.ts'
import { MemoryWatch, memoryOf } from '../../../../src/api/live/memory-watch.ts'
import { RequestWatch } from '../../../../src/api/live/request-watch.ts'
import { ServerWatch } from '../../../../src/api/live/server-watch.ts'
import type { LiveCall } from '../../../../src/proxy/proxy.ts'
import { server, serversOf } from './views.ts'

const gigabyte = 1024 ** 3
const machine = {
  totalBytes: 32 * gigabyte,
  availableBytes: 8 * gigabyte,
  countsReclaimable: true,
  gpuLimitBytes: undefined,
  source: 'test',
}

function told() {
  const events: unknown[] = []
  return { events, tell: (event: object) => void events.push(event) }
}

const call = (id: string, tokens: number | null): LiveCall => ({
  id,
  startedAt: 1,
  endpoint: 'chat',
  model: 'small',
  profile: 'small',
  keyId: null,
  keyName: null,
  stream: true,
  phase: tokens === null ? 'queued' : 'decode',
  since: 2.4,
  position: tokens === null ? 3 : null,
  waitedFor: [],
  queueMs: 1.2,
  loadMs: 0,
  prefillMs: 0,
  tokens,
})

function watched() {
  const { events, tell } = told()
  const calls = new Map([call('a', 5), call('b', 7), call('c', null)].map((one) => [one.id, one]))
  const watch = new RequestWatch(
    {
      proxy: { underWay: () => [...calls.values()], find: (id) => calls.get(id) },
      scheduler: { estimate: (_, position) => position * 1_000.4 },
    },
    tell,
  )
  const ids = () =>
    (events as LiveEvent[]).splice(0).map((event) => event.type === 'request.changed' && event.request.id)
  return { watch, calls, ids }
}

describe('the servers', () => {
  test('are told once each, anew where they have changed, and as gone', () => {
    const { events, tell } = told()
    let view: ServersView = serversOf(server('a'), server('b'))
    const watch = new ServerWatch(() => view, tell)
    watch.look()
    watch.look()
    view = serversOf(server('a'), server('b', { active: 1 }))
    watch.look()
    view = serversOf(server('b', { active: 1 }))
    watch.look()
    expect(events).toEqual([
      { type: 'server.changed', server: server('a') },
      { type: 'server.changed', server: server('b') },
      { type: 'server.changed', server: server('b', { active: 1 }) },
      { type: 'server.gone', profile: 'a' },
    ])
  })

  test('that grow slowly are told in the end: compared is what was told, not what was seen', () => {
    const { events, tell } = told()
    let bytes = 10 * gigabyte
    const watch = new ServerWatch(() => serversOf(server('a', { memoryBytes: bytes })), tell)
    for (let looks = 0; looks < 10; looks += 1) {
      watch.look()
      bytes += 10 * 1024 ** 2
    }
    expect(events).toHaveLength(2)
  })
})

describe('the memory', () => {
  test('of other programs is what neither is free nor ours, and never less than nothing', () => {
    const view = serversOf(server('a'), server('b', { memoryBytes: null }))
    expect(memoryOf(machine, view, 5)).toEqual({
      totalBytes: 32 * gigabyte,
      budgetBytes: 24 * gigabyte,
      availableBytes: 8 * gigabyte,
      otherBytes: 14 * gigabyte,
      measuredAt: 5,
    })
    expect(memoryOf(machine, serversOf(server('a', { memoryBytes: 30 * gigabyte })), 5).otherBytes).toBe(0)
  })

  test('is not told where the system does not tell what could be reclaimed', () => {
    const unknown = { ...machine, countsReclaimable: false }
    expect(memoryOf(unknown, serversOf(), 5)).toMatchObject({ availableBytes: null, otherBytes: null })
  })

  test('is told where it has changed, and measured once for all who ask together', async () => {
    const { events, tell } = told()
    let asked = 0
    const host = { memory: async () => ({ ...machine, availableBytes: (8 + asked++) * gigabyte }) }
    const watch = new MemoryWatch(host, () => 5, tell)
    expect(watch.look(serversOf())).toBeUndefined()
    await Promise.all([watch.measure(), watch.measure()])
    watch.look(serversOf())
    watch.look(serversOf())
    expect([asked, events.length]).toEqual([1, 1])
    await watch.measure()
    expect(watch.look(serversOf())?.availableBytes).toBe(9 * gigabyte)
    expect(events).toHaveLength(2)
  })
})

describe('the requests', () => {
  test('are told of once, however often they changed, and not once they have ended', () => {
    const { watch, calls, ids } = watched()
    for (const id of ['a', 'a', 'c', 'gone']) watch.changed(id)
    calls.delete('c')
    watch.tellChanged()
    expect(ids()).toEqual(['a'])
    watch.tellChanged()
    expect(ids()).toEqual([])
  })

  test('that say something are told of when somebody counts, and only where there is more', () => {
    const { watch, calls, ids } = watched()
    watch.tellCounts()
    expect(ids()).toEqual(['a', 'b'])
    calls.set('b', call('b', 9))
    watch.tellCounts()
    expect(ids()).toEqual(['b'])
  })

  test('are shown in whole numbers, with an estimate while they wait', () => {
    const { watch } = watched()
    expect(watch.list()).toMatchObject([
      { id: 'a', since: 2, queueMs: 1, estimateMs: null, tokens: 5 },
      { id: 'b' },
      { id: 'c', estimateMs: 3_001, position: 3 },
    ])
  })
})
