import { describe, expect, test } from 'vitest'
import { Rig, settled, target } from './rig.ts'
import { randomFrom, Simulation } from './simulation.ts'

/** Set SEED to see a failure again. */
const firstSeed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9))

describe('whatever happens, the budget is kept, nobody is cut off, lost, or left waiting who could be served', () => {
  test.each([firstSeed, firstSeed + 1, firstSeed + 2])('seed %i', async (seed) => {
    const simulation = new Simulation(seed)
    for (let event = 0; event < 1_000; event += 1) await simulation.happen()
    await simulation.wind()
    expect(simulation.outcomes.served).toBeGreaterThan(50)
    expect(simulation.outcomes.left).toBeGreaterThan(0)
    expect(simulation.outcomes.refused).toBeGreaterThan(0)
  })
})

test('two that do not fit are swapped back and forth under eight clients, and every request is served', async () => {
  const rig = new Rig(10)
  const random = randomFrom(firstSeed)
  const pair = [target('a', { bytes: 6, concurrency: 4 }), target('b', { bytes: 6, concurrency: 4 })] as const
  const served: string[] = []

  async function client(): Promise<void> {
    for (let request = 0; request < 20; request += 1) {
      const wanted = pair[random() < 0.5 ? 0 : 1]
      using lease = await rig.scheduler.acquire(wanted, new AbortController().signal)
      for (let chunk = 0; chunk < random() * 4; chunk += 1) {
        await settled()
        expect(rig.supervisor.pidOf(wanted.name)).toBe(lease.server.pid)
      }
      served.push(wanted.name)
    }
  }

  const clients = Promise.all(Array.from({ length: 8 }, client))
  for (let round = 0; round < 2_000 && served.length < 160; round += 1) {
    await settled()
    expect(rig.supervisor.holding().length).toBeLessThanOrEqual(1)
    for (const profile of rig.supervisor.holding('starting')) rig.supervisor.ready(profile)
    for (const profile of rig.supervisor.holding('stopping')) rig.supervisor.exited(profile)
  }
  await clients
  const swaps = rig.supervisor.calls.filter((call) => call.endsWith('evicted')).length
  expect(swaps).toBeGreaterThan(5)
  expect(swaps).toBeLessThan(120)
}, 5_000)

test('a stream of requests for a busy profile does not starve the one that waits for its memory', async () => {
  const rig = new Rig(10)
  const [hot, cold] = [target('hot', { bytes: 6, concurrency: 2 }), target('cold', { bytes: 6 })]
  let stream = [await rig.serve(hot), await rig.askAndSettle(hot)]
  const waiting = await rig.askAndSettle(cold)
  for (let tick = 0; tick < 5 && waiting.state === 'waits'; tick += 1) {
    const [oldest, ...rest] = stream
    stream = [...rest, rig.ask(hot)]
    oldest?.done()
    for (const profile of rig.supervisor.holding('stopping')) await rig.exited(profile)
    for (const profile of rig.supervisor.holding('starting')) await rig.ready(profile)
  }
  expect(waiting.state).toBe('served')
})
