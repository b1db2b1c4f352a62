import { describe, expect, test } from 'vitest'
import { apply, begin, nothingYet } from '../../../admin-ui/src/live-state.ts'
import type { LiveEvent, LiveSnapshot } from '../../../src/api/admin/admin.ts'
import { row } from './request.ts'

type Server = LiveSnapshot['servers']['servers'][number]

// only what is read here
const server = (profile: string, more: Partial<Server> = {}) => ({ profile, reservedBytes: 5, ...more }) as Server
const event = (event: object) => ({ at: 1, ...event }) as LiveEvent
const memory = { totalBytes: 64, budgetBytes: 48, availableBytes: 20, otherBytes: 9, measuredAt: 1 }
const snapshot: LiveSnapshot = {
  at: 5_000,
  servers: { budgetBytes: 48, reservedBytes: 10, servers: [server('one'), server('two')] },
  memory,
  downloads: [],
  requests: [],
  recent: [],
}
const begun = begin(nothingYet, snapshot, 4_000)

const file = (path: string, bytes: number) => ({ path, bytes, totalBytes: 10 })
const news = (type: string, state: string, files: readonly object[]) =>
  event({ type: `download.${type}`, download: { id: 7, state, files } })

describe('what the page knows', () => {
  test('begins anew with each snapshot, and learns the gateway’s clock from it', () => {
    expect(begun).toMatchObject({ connection: 'live', epoch: 1, clockOffset: 1_000, budgetBytes: 48 })
    const later = begin(
      { ...begun, connection: 'reconnecting' },
      { ...snapshot, servers: { ...snapshot.servers, servers: [] } },
      4_000,
    )
    expect([later.connection, later.epoch, later.servers.size]).toEqual(['live', 2, 0])
  })

  test('follows servers as they change and go, with what they take of the budget', () => {
    const after = apply(begun, [
      event({ type: 'server.changed', server: server('two', { reservedBytes: 20 }) }),
      event({ type: 'server.changed', server: server('three') }),
      event({ type: 'server.gone', profile: 'one' }),
    ])
    expect([...after.servers.keys()]).toEqual(['two', 'three'])
    expect(after.reservedBytes).toBe(25)
  })

  test('moves a request from those under way to those that have ended', () => {
    const request = { id: 'req-1', phase: 'decode' }
    const busy = apply(begun, [event({ type: 'request.changed', request })])
    expect([...busy.requests.keys()]).toEqual(['req-1'])
    const done = apply(busy, [event({ type: 'request.ended', record: row({ id: 'req-1' }) })])
    expect([done.requests.size, done.ended.map(({ id }) => id)]).toEqual([0, ['req-1']])
  })

  test('keeps downloads until they are taken off the list', () => {
    const download = { id: 7, repo: 'maker/coder', state: 'running', files: [] }
    const some = apply(begun, [event({ type: 'download.progress', download })])
    expect(some.downloads.size).toBe(1)
    expect(apply(some, [event({ type: 'download.removed', id: 7, repo: 'maker/coder' })]).downloads.size).toBe(0)
  })

  test('keeps the files of a download that an event says nothing of, and has all when it is complete', () => {
    const some = apply(begun, [
      news('changed', 'running', [file('a', 0), file('b', 3)]),
      news('progress', 'running', [file('a', 5), file('c', 1)]),
    ])
    expect(some.downloads.get(7)?.files).toEqual([file('a', 5), file('b', 3), file('c', 1)])
    const done = apply(some, [news('changed', 'complete', [file('a', 10)])])
    expect(done.downloads.get(7)?.files).toEqual([file('a', 10), file('b', 10), file('c', 10)])
  })

  test('does not draw anew what a batch has not touched', () => {
    const after = apply(begun, [event({ type: 'memory.measured', memory: { ...memory, budgetBytes: 40 } })])
    expect(after.budgetBytes).toBe(40)
    expect([after.servers === begun.servers, after.requests === begun.requests, after.recent === begun.recent]).toEqual(
      [true, true, true],
    )
  })

  test('remembers what is worth telling, the last fifty', () => {
    const ready = event({ type: 'server.ready', profile: 'one', pid: 1, loadMs: 900 })
    const quiet = event({ type: 'request.started', id: 'x', model: 'one', keyId: null })
    const after = apply(begun, [quiet, ...Array.from({ length: 60 }, () => ready)])
    expect(after.recent).toHaveLength(50)
    expect(new Set(after.recent.map(({ event }) => event.type))).toEqual(new Set(['server.ready']))
  })
})
