/** What mlx_lm.server 0.32.2 promises and breaks: one suite for the real one and for its stand-in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../fixtures/start-fake.ts'
import { answersContract } from './answers.contract.ts'
import { say, type Start, streamed } from './asks.ts'
import { deathContract } from './death.contract.ts'
import { errorsContract } from './errors.contract.ts'
import { eventsOf, exchange, open, parsed } from './exchange.ts'

export function serverContract(start: Start): void {
  let server: RunningServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server[Symbol.asyncDispose]())
  const port = () => server.port

  answersContract(port)
  errorsContract(port)
  deathContract(start)

  describe('several requests', () => {
    test('are generated together', async () => {
      const endless = open(port(), streamed('count', { max_tokens: 30_000 }))
      await endless.until(' three')
      expect(parsed(await exchange(port(), say('hello'))).choices[0].finish_reason).toBe('stop')
      endless.leave()
    })

    test('wait for one with a seed, which runs alone', async () => {
      const running = open(port(), streamed('count', { max_tokens: 60 }))
      await running.until(' one')
      const order: string[] = []
      const seeded = exchange(port(), say('hello', { seed: 7 })).then(() => order.push('seeded'))
      await running.ended.then((answer) => order.push(eventsOf(answer).at(-1)))
      await seeded
      expect(order).toEqual(['[DONE]', 'seeded'])
    })

    test('are not generated to the end when a streaming client leaves', async () => {
      const endless = open(port(), streamed('count', { max_tokens: 30_000 }))
      await endless.until(' three')
      endless.leave()
      // Served alone, so only after the endless one has ended, which would take minutes.
      expect((await exchange(port(), say('hello', { seed: 7 }))).status).toBe(200)
    }, 20_000)
  })
}
