import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import type { LiveEvent } from '../../src/api/admin/admin.ts'
import { fileNameOf } from '../../src/supervisor/file-name.ts'
import { follow, servers } from '../fixtures/admin.ts'
import { say } from '../fixtures/ask.ts'
import { ask, hello, stream } from '../fixtures/gateway/client.ts'
import { type GatewayProcess, noOtherModels, startGatewayProcess } from '../fixtures/start-gateway.ts'

const engine = inject('engine')
const names = ['alpha', 'beta'] as const
type Name = (typeof names)[number]
const swaps = 20
const clients = 8
const reservedMb = 300
const budgetMb = 500

async function startGateway(): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'swap-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const name of names) await cp(engine.scripted, join(folder, name), { recursive: true })
  const gateway = await startGatewayProcess({
    settings: {
      models: noOtherModels,
      engines: { 'mlx-lm': { executable: engine.executable } },
      memory: { budget: `${budgetMb}MB` },
      // a sign of life goes out before it is known who will serve
      timeouts: { heartbeat: '5m' },
      profiles: names.map((name) => ({ name, model: join(folder, name), memory: `${reservedMb}MB` })),
    },
  })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  return gateway
}

/** What must never be seen, from what the gateway tells. */
function createWatch() {
  const alive = new Set<string>()
  const breaches: string[] = []
  return {
    breaches,
    hear(event: LiveEvent): void {
      if (event.type === 'server.starting') {
        alive.add(event.profile)
        if (alive.size * reservedMb > budgetMb) breaches.push(`${[...alive].join(' and ')} at once`)
      } else if (event.type === 'server.stopped') alive.delete(event.profile)
      else if (/^server\.failed$|\.trouble$/.test(event.type)) breaches.push(JSON.stringify(event))
    },
  }
}

/** How often a server was asked for a chat: more often than clients asked, where one was ended while it was busy and another had to do it again. */
async function chatsOf({ dataDirectory }: GatewayProcess, name: Name): Promise<number> {
  const log = await readFile(join(dataDirectory, 'logs', `${fileNameOf(name)}.log`), 'utf8')
  return log.split('"POST /v1/chat/completions ').length - 1
}

const script = ' zero one two three four five six seven eight nine'.repeat(2).trim()

/** A stream of one model, and what it must be. */
async function streamed({ url }: GatewayProcess, name: Name) {
  const { said, finish, done, usage, headers } = await stream(
    url,
    say(name, 'count', { max_tokens: 20, stream_options: { include_usage: true } }),
  ).read()
  const told = { said, finish, done, tokens: usage?.completion_tokens, profile: headers['x-mlx-gateway-profile'] }
  return { told, right: { said: script, finish: 'length', done: true, tokens: 20, profile: name } }
}

/** A whole answer of one model, and what it must be. */
async function whole({ url }: GatewayProcess, name: Name) {
  const { status, body, headers } = await ask(url, say(name, 'hello'))
  const told = {
    status,
    said: body.choices?.[0]?.message.content,
    model: body.model,
    profile: headers['x-mlx-gateway-profile'],
  }
  return { told, right: { status: 200, said: hello, model: name, profile: name } }
}

test(
  'two models that do not fit together are swapped back and forth 20 times under 8 clients, each of whom is answered right',
  { timeout: 300_000 },
  async () => {
    const gateway = await startGateway()
    const watch = createWatch()
    const readings: Promise<{ budgetBytes: number; reservedBytes: number }>[] = []
    const live = await follow(gateway, (event) => {
      watch.hear(event)
      if (event.type.startsWith('server.')) readings.push(servers(gateway))
    })
    onTestFinished(() => live[Symbol.asyncDispose]())
    const loads = () => live.events.filter(({ type }) => type === 'server.ready').length

    const answered = await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        let asked = 0
        for (; loads() <= swaps && watch.breaches.length === 0; asked++) {
          const name = names[(client + asked) % 2] ?? 'alpha'
          const { told, right } = await ((client + asked) % 3 === 0 ? streamed : whole)(gateway, name)
          expect(told).toEqual(right)
        }
        return asked
      }),
    )

    expect(watch.breaches).toEqual([])
    expect(loads()).toBeGreaterThan(swaps)
    expect(answered.filter((count) => count < swaps / 2)).toEqual([])
    const chats = await Promise.all(names.map((name) => chatsOf(gateway, name)))
    expect(chats.reduce((sum, count) => sum + count)).toBe(answered.reduce((sum, count) => sum + count))
    const seen = await Promise.all(readings)
    expect(seen.length).toBeGreaterThan(2 * swaps)
    expect(seen.filter(({ reservedBytes, budgetBytes }) => reservedBytes > budgetBytes)).toEqual([])
  },
)
