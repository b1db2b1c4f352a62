import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, onTestFinished, test } from 'vitest'
import { ask, say } from '../fixtures/ask.ts'
import { endless, hello, stream } from '../fixtures/gateway/client.ts'
import { leftAfter, processesWith } from '../fixtures/processes.ts'
import { type GatewayProcess, noOtherModels, spawnGateway, startGatewayProcess } from '../fixtures/start-gateway.ts'

const engine = inject('engine')
const rounds = 20
const broken = /aborted|hang up|ECONNRESET/
const seed = Number(process.env['KILL_SEED'] ?? Date.now())

/** 0 to 1; the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One data directory for all, and what stands in the command line of everything that is started to serve its model. */
async function furnish() {
  const folder = await mkdtemp(join(tmpdir(), 'kill-'))
  const model = join(folder, 'model')
  await cp(engine.scripted, model, { recursive: true })
  onTestFinished(async () => {
    for (const line of await processesWith(folder)) process.kill(Number.parseInt(line, 10), 'SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  })
  const settings = {
    models: noOtherModels,
    engines: { 'mlx-lm': { executable: engine.executable } },
    memory: { budget: '4GB' },
    profiles: [{ name: 'scripted', model }],
  }
  return { folder, model, options: { settings, dataDirectory: join(folder, 'data') } }
}

test(
  `a gateway that is killed at any moment, ${rounds} times, leaves no process behind, and the next one serves (KILL_SEED=${seed})`,
  { timeout: 300_000 },
  async () => {
    const { folder, model, options } = await furnish()
    const random = createRandom(seed)

    const killedWhile = {
      async starting() {
        const { child } = await spawnGateway(options, folder)
        await sleep(random() * 700)
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      },
      async loading() {
        await using gateway = await startGatewayProcess(options)
        const asked = stream(gateway.url, endless('scripted'))
        await sleep(random() * 2_000)
        await gateway.kill()
        await expect(asked.ended).rejects.toThrow(broken)
      },
      async streaming() {
        await using gateway = await startGatewayProcess(options)
        const asked = [1, 2].map(() => stream(gateway.url, endless('scripted')))
        await Promise.all(asked.map(({ until }) => until(' three')))
        await sleep(random() * 300)
        await gateway.kill()
        for (const { ended } of asked) await expect(ended).rejects.toThrow(broken)
      },
    }

    for (let round = 0; round < rounds; round++) {
      const when = (['starting', 'streaming', 'loading', 'streaming', 'loading'] as const)[round % 5] ?? 'loading'
      await killedWhile[when]()
      expect(await leftAfter(model, 5_000), `after ${when}, round ${round}`).toEqual([])
    }

    await using gateway = await startGatewayProcess(options)
    await expectServing(gateway)
    expect(await gateway.stop()).toBe(0)
    expect(await leftAfter(model, 5_000)).toEqual([])
  },
)

async function expectServing({ url }: GatewayProcess): Promise<void> {
  const { status, text } = await ask(url, '/chat/completions', say('scripted', 'hello'))
  expect([status, text]).toEqual([200, expect.stringContaining(hello)])
}
