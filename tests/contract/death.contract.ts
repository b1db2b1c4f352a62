/** How it dies: by a request, by a signal, or before it lives. Each test has a server of its own. */
import { describe, expect, test } from 'vitest'
import { type Answer, eventsOf, exchange, open, type Request } from './exchange.ts'
import { say, type Start, streamed } from './asks.ts'

const completion = (prompt: unknown): Request => ({ path: '/v1/completions', body: { prompt } })
const deadly: [string, Request][] = [
  ['a stop that is a number', say('hello', { stop: 5 })],
  ['a stop list with null', say('hello', { stop: ['a', null] })],
  ['top_k over the vocabulary', say('hello', { top_k: 1_000_000, temperature: 1 })],
  ['xtc_threshold over a half', say('hello', { xtc_threshold: 0.6, xtc_probability: 0.5, temperature: 1 })],
  ['a logit bias beyond 64 bits', say('hello', { logit_bias: { '99999999999999999999': 1 } })],
  ['an empty prompt', completion('')],
  ['a list of prompts', completion(['a', 'b'])],
]
const health: Request = { method: 'GET', path: '/health' }
const endless = streamed('count', { max_tokens: 30_000 })

export function deathContract(start: Start): void {
  describe('a request of death', () => {
    test.each(deadly)('with %s ends every stream and all service, while the process lives', async (_, request) => {
      await using server = await start()
      const other = open(server.port, endless)
      await other.until(' three')
      const cause = await exchange(server.port, request)
      expect(cause.raw === '' || cause.status === 404).toBe(true)
      expect(await other.ended.then(isCut)).toBe(true)
      const { status, body } = await exchange(server.port, health)
      expect([status, body]).toEqual([503, '{"status": "unavailable"}'])
      for (const next of [say('hello'), streamed('hello')]) {
        const answer = await exchange(server.port, next)
        expect([answer.status, answer.body]).toEqual([404, '{"error": "generation thread died"}'])
      }
      expect(server.stderr()).toContain('generation thread died: ')
    })

    test('with a seed fails alone', async () => {
      await using server = await start()
      const cause = await exchange(server.port, say('hello', { stop: [5], seed: 1 }))
      expect(cause.raw === '' || cause.status === 404).toBe(true)
      expect((await exchange(server.port, health)).status).toBe(200)
      expect((await exchange(server.port, say('hello'))).status).toBe(200)
    })

    test('with a logit bias far outside the vocabulary ends the process', async () => {
      await using server = await start()
      expect((await exchange(server.port, say('hello', { logit_bias: { 10_000_000: 1 } }))).raw).toBe('')
      expect(await server.exited).toEqual({ code: null, signal: 'SIGSEGV' })
    })
  })

  describe('a signal', () => {
    test.each(['SIGTERM', 'SIGKILL'] as const)(
      'of %s ends it at once, and streams end as if they were complete',
      async (signal) => {
        await using server = await start()
        const stream = open(server.port, endless)
        await stream.until(' three')
        server.kill(signal)
        expect(await stream.ended.then(isCut)).toBe(true)
        expect(await server.exited).toEqual({ code: null, signal })
      },
    )

    test('of SIGINT ends it with code 0 or SIGABRT, and cuts streams', async () => {
      await using server = await start()
      const stream = open(server.port, endless)
      await stream.until(' three')
      server.kill('SIGINT')
      expect(await stream.ended.then(isCut)).toBe(true)
      expect([0, 'SIGABRT']).toContain(await server.exited.then(({ code, signal }) => signal ?? code))
    })

    test('leaves a whole answer without a byte', async () => {
      await using server = await start()
      const answer = exchange(server.port, say('count', { max_tokens: 30_000 }))
      const stream = open(server.port, endless)
      await stream.until(' three')
      server.kill('SIGKILL')
      expect((await answer).raw).toBe('')
    })
  })

  describe('a start', () => {
    test('on a taken port leaves a process that does not serve', async () => {
      await using first = await start()
      await using second = await start({ port: first.port })
      expect(second.stderr()).toContain('Address already in use')
      expect((await exchange(first.port, say('hello'))).status).toBe(200)
      second.kill('SIGTERM')
      expect((await second.exited).signal).toBe('SIGTERM')
    })

    test('with a model that does not load opens the port and is dead', async () => {
      await using server = await start({ broken: true })
      await server.said('generation thread died: ')
      expect((await exchange(server.port, health)).status).toBe(503)
      const answer = await exchange(server.port, say('hello'))
      expect([answer.status, answer.body]).toEqual([404, '{"error": "generation thread died"}'])
      server.kill('SIGINT')
      expect(await server.exited).toEqual({ code: 0, signal: null })
    })
  })
}

function isCut(answer: Answer): boolean {
  return answer.status === 200 && eventsOf(answer).at(-1) !== '[DONE]'
}
