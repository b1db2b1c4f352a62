import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
import type { Answer } from '../../../src/proxy/answer.ts'
import { ChoiceFilter } from '../../../src/proxy/choice.ts'
import { Departure } from '../../../src/proxy/departure.ts'
import { Generation } from '../../../src/proxy/generation.ts'
import type { Lease } from '../../../src/scheduler/scheduler.ts'

const event = (delta: object, finish: string | null = null) =>
  Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`)

/** A generation whose answer has begun to come, and what the client is told. */
function begun() {
  const told: unknown[] = []
  const answer = {
    delta: (_: number, delta: object) => void told.push(delta),
    escapedTexts: (_: number, texts: readonly string[]) => void told.push(...texts),
    flush: () => told.push('flushed') > 0,
  } as unknown as Answer
  const lease = { progressed() {}, lastProgress: () => 0, lingers() {} } as unknown as Lease
  const controller = { abort() {}, resume() {}, pause() {} } as unknown as Dispatcher.DispatchController
  const generation = new Generation({
    lease,
    answer,
    choice: 0,
    filter: new ChoiceFilter([]),
    whole: false,
    departure: new Departure(),
    firstByteMs: 1000,
    idleMs: 1000,
    now: () => 0,
    firstToken() {},
  })
  generation.onRequestStart(controller)
  generation.onResponseStart(controller, 200, { 'content-type': 'text/event-stream' })
  return { generation, controller, told }
}

test('what comes at once is sent at once, not event by event', async () => {
  const { generation, controller, told } = begun()
  for (const content of ['one', 'two', 'three']) generation.onResponseData(controller, event({ content }))
  await new Promise(setImmediate)
  expect(told).toEqual([{ text: 'one' }, { text: 'two' }, { text: 'three' }, 'flushed'])
})

test('what came just before the connection broke is told before that', async () => {
  const { generation, controller, told } = begun()
  generation.onResponseData(controller, event({ content: 'last words' }))
  generation.onResponseError(controller, new Error('reset'))
  expect(told).toContainEqual({ text: 'last words' })
  await expect(generation.outcome).rejects.toMatchObject({ code: 'server_failed' })
})

test('an answer that ends within one read is whole', async () => {
  const { generation, controller, told } = begun()
  generation.onResponseData(controller, event({ content: 'all' }))
  generation.onResponseData(controller, event({}, 'stop'))
  generation.onResponseData(controller, Buffer.from('data: [DONE]\n\n'))
  generation.onResponseEnd()
  expect(told).toEqual([{ text: 'all' }, { finish: 'stop' }])
  expect(await generation.outcome).toMatchObject({ finish: 'stop', deltas: 1 })
})
