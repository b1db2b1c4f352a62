import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Answer } from '../../../src/proxy/answer.ts'
import { Departure } from '../../../src/proxy/departure.ts'
import { createForwarder, type Forward } from '../../../src/proxy/forward.ts'
import { Watch } from '../../../src/proxy/watch.ts'
import type { Lease } from '../../../src/scheduler/scheduler.ts'

const minute = 60_000
const events = (...said: object[]) => said.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
const text = (content: string) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })

/** Forwards one generation that is stopped by `END`; the first request is answered with it, the second one by `count`. */
async function stopped(count: (response: ServerResponse, told: readonly string[]) => void) {
  const told: string[] = []
  let requests = 0
  const server = createServer((_, response) => {
    requests += 1
    if (requests === 2) return count(response, [...told])
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(events(text('Hello'), text(' END and more')))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const suspicions: string[] = []
  const watch = new Watch(() => performance.now())
  const forwarder = createForwarder({ connect: minute, firstByte: minute, whole: minute, idle: minute }, watch, () => 0)
  onTestFinished(async () => {
    await forwarder.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const lease = {
    server: { port, served: { profile: { name: 'p' } } },
    progressed() {},
    lastProgress: () => 0,
    lingers() {},
    async suspect(reason: string) {
      suspicions.push(reason)
    },
  } as unknown as Lease
  const answer = {
    said: true,
    waiting() {},
    delta: (_: number, delta: object) => void told.push(JSON.stringify(delta)),
    flush: () => told.push('flushed') > 0,
  } as unknown as Answer
  const parts: Forward = { lease, answer, departure: new Departure(), firstToken() {}, answers() {}, usageWanted: true }
  const job = { choice: 0, head: {}, members: [], again: false, whole: false }
  const outcome = forwarder.forward({ jobs: [job], path: '/v1/completions', stops: ['END'] }, parts)
  return { outcome, suspicions }
}

test('an answer that a stop sequence ended is whole even where the server dies before its prompt is counted', async () => {
  const { outcome, suspicions } = await stopped((response) => response.destroy())
  expect(await outcome).toEqual({
    usage: { promptTokens: 0, completionTokens: 2, cachedTokens: 0 },
    finish: 'stop',
  })
  expect(suspicions).toHaveLength(1)
})

test('the end of such an answer is sent before its prompt is counted', async () => {
  const seen: string[] = []
  const { outcome } = await stopped((response, told) => {
    seen.push(...told)
    const usage = { prompt_tokens: 7, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 6 } }
    const last = { choices: [{ index: 0, delta: {}, finish_reason: 'length' }], usage }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${events(last)}data: [DONE]\n\n`)
  })
  expect(await outcome).toMatchObject({ usage: { promptTokens: 7, completionTokens: 2, cachedTokens: 6 } })
  expect(seen.slice(-2)).toEqual([expect.stringContaining('"finish":"stop"'), 'flushed'])
})
