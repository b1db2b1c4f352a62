import { expect, test } from 'vitest'
import { createRecent } from '../../../src/telemetry/recent.ts'
import { ended } from './row.ts'

const ready = { type: 'server.ready', profile: 'small', pid: 1, loadMs: 1 } as const

test('what a person wants to hear of is kept with its time, in order; requests that went well are not', () => {
  let now = 0
  const { hear, list } = createRecent(() => (now += 1))
  hear(ready)
  hear(ended({}))
  hear(ended({ error: 'client_left', status: 499 }))
  hear({ type: 'queue.changed', profile: 'small', waiting: 1, active: 1 })
  hear(ended({ error: 'server_failed', status: 200 }))
  hear({ type: 'gateway.trouble', message: 'oh' })
  expect(list().map(({ at, event }) => [at, event.type])).toEqual([
    [1, 'server.ready'],
    [2, 'request.ended'],
    [3, 'gateway.trouble'],
  ])
})

test('the end of a server that was unloaded is told once', () => {
  const { hear, list } = createRecent(() => 0)
  const end = { profile: 'small', freedBytes: 5, ms: 1 }
  hear({ type: 'server.stopped', reason: 'idle', ...end })
  hear({ type: 'profile.unloaded', idleMs: 9, ...end })
  hear({ type: 'server.stopped', reason: 'evicted', ...end })
  hear({ type: 'profile.evicted', for: 'big', reservedBytes: 5, idleMs: 9, ...end })
  hear({ type: 'server.stopped', reason: 'asked', ...end })
  expect(list().map(({ event }) => event.type)).toEqual(['profile.unloaded', 'profile.evicted', 'server.stopped'])
})

test('requests that fail in floods do not drive out what they fail of', () => {
  const { hear, list } = createRecent(() => 0)
  hear(ready)
  for (let failed = 0; failed < 1_000; failed += 1) hear(ended({ error: 'queue_full', status: 429 }))
  expect(list()).toHaveLength(11)
  for (let starts = 0; starts < 100; starts += 1) hear(ready)
  expect(list()).toHaveLength(50)
})
