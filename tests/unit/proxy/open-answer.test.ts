import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { readCall } from '../../../src/proxy/call.ts'
import { openAnswer } from '../../../src/proxy/open-answer.ts'
import type { Exchange, ProxyParts } from '../../../src/proxy/proxy.ts'

/** An answer to a client that has taken all but so many bytes. */
function opened(untaken: number) {
  const limits: number[] = []
  const destroyed: boolean[] = []
  const outgoing = Object.assign(new EventEmitter(), {
    writableLength: untaken,
    setTimeout(ms: number, ring: () => void) {
      limits.push(ms)
      ring()
    },
    destroy: () => destroyed.push(true),
  })
  const exchange = { outgoing, requestId: 'r' } as unknown as Exchange
  const settings = { timeouts: { writeIdle: 3000, heartbeat: 1000 } }
  const parts = { settings, now: () => 0, wallClock: () => 0, errors: {} } as unknown as ProxyParts
  const call = readCall('chat', Buffer.from('{"model":"m"}'))
  const answering = openAnswer(call, exchange, parts)
  return { outgoing, answering, limits, destroyed }
}

test('a client that stops reading at the very end is let go like any other', () => {
  const { answering, limits, destroyed } = opened(1_000_000)
  answering.close()
  expect(limits).toEqual([3000])
  expect(destroyed).toEqual([true])
})

test('a client that has taken everything may keep its connection', () => {
  const { answering, limits } = opened(0)
  answering.close()
  expect(limits).toEqual([])
})

test('a client that closes its connection has departed, and after the answer has not', () => {
  const leaving = opened(0)
  leaving.outgoing.emit('close')
  expect(leaving.answering.departure.signal.aborted).toBe(true)
  const staying = opened(0)
  staying.answering.close()
  staying.outgoing.emit('close')
  expect(staying.answering.departure.signal.aborted).toBe(false)
})
