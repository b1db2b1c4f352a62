/** `npm run bench:chat`: how late a chat's chunks are, beside the direct call, while the gateway downloads and while it does not. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGenerator } from './load/generator.ts'
import type { Target } from './load/job.ts'
import { median } from './statistics.ts'
import { startGateway, type GatewaySubject } from './subjects/gateway.ts'
import { startHub } from './subjects/hub.ts'
import { startProgram } from './subjects/program.ts'
import { mockEngine } from './subjects/subject.ts'

const usage = `node bench/chat-beside-download.ts [options]

  --main FILE       the gateway to start (dist/main.js, as npm run build makes it)
  --bytes N         size of the model; it must not be there before a measurement ends (8589934592)
  --folder PATH     where the model goes (/dev/shm where there is one: the disk is not what is measured)
  --streams N       side by side, of 200 chunks a second each (4)
  --rounds N        (5)
`
const { values } = parseArgs({
  options: {
    main: { type: 'string', default: 'dist/main.js' },
    bytes: { type: 'string', default: String(8 * 1024 ** 3) },
    folder: { type: 'string', default: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() },
    streams: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
})

const ID = 'bench/model'
const enginePort = 18_182

/** Added to what the direct call takes, \u00B5s. */
interface Added {
  readonly p50: number
  readonly p99: number
}

async function bench(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(values.folder, 'mlx-gateway-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const hub = await startHub(ID, Number(values.bytes))
  stack.defer(hub.stop)
  const engine = await startProgram(mockEngine(enginePort, '1.1'), enginePort, join(folder, 'engine.log'))
  stack.defer(engine.stop)
  const more = {
    hub: { endpoint: hub.endpoint },
    downloads: { keepFree: 0 },
    models: { huggingfaceCache: join(folder, 'cache'), lmStudio: false, starter: false },
  }
  const gateway = await startGateway(folder, { main: values.main, http: '1.1' }, more)
  stack.defer(async () => {
    await gateway.swap?.close()
    await gateway.stop()
  })
  const generator = createGenerator()
  stack.defer(async () => {
    await generator.close()
  })
  const late = (target: Target) =>
    generator.run({ kind: 'paced', target, streams: Number(values.streams), chunks: 200, gapMs: 5, forMs: 3000 })
  const direct = { port: enginePort, model: 'bench', key: undefined }
  await late(gateway.target)

  const measure = async (): Promise<Added> => {
    const [whole, through] = [await late(direct), await late(gateway.target)]
    const added = (figure: 'chunkP50' | 'chunkP99') =>
      ((through[figure] ?? Number.NaN) - (whole[figure] ?? Number.NaN)) * 1000
    return { p50: added('chunkP50'), p99: added('chunkP99') }
  }
  const alone: Added[] = []
  const during: Added[] = []
  for (let round = 0; round < Number(values.rounds); round += 1) {
    alone.push(await measure())
    const id = await pull(gateway)
    during.push(await measure())
    const rate = await cancel(gateway, id)
    process.stderr.write(
      `round ${round + 1}: alone ${rowOf(alone.slice(-1))}; beside ${rate} ${rowOf(during.slice(-1))}\n`,
    )
  }
  process.stdout.write(`medians: alone ${rowOf(alone)}; beside a download ${rowOf(during)}\n`)
}

async function admin({ target, adminToken }: GatewaySubject, path: string, body?: object) {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${target.port}/admin/api${path}`, {
    method: 'POST',
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return JSON.parse(text) as {
    readonly id: number
    readonly state: string
    readonly bytes: number
    readonly createdAt: number
  }
}

async function pull(gateway: GatewaySubject): Promise<number> {
  return (await admin(gateway, '/downloads', { id: ID })).id
}

/** How fast it was. Throws Error where the download was over before the measurement. */
async function cancel(gateway: GatewaySubject, id: number): Promise<string> {
  const { state, bytes, createdAt } = await admin(gateway, `/downloads/${id}/pause`)
  if (state !== 'paused') throw new Error(`The download was ${state} too early: measure with more --bytes.`)
  await admin(gateway, `/downloads/${id}/cancel`)
  return `${(bytes / 1e3 / (Date.now() - createdAt)).toFixed(0)} MB/s`
}

function rowOf(all: readonly Added[]): string {
  const of = (figure: keyof Added) => median(all.map((added) => added[figure])).toFixed(0)
  return `+${of('p50')} \u00B5s (p50), +${of('p99')} \u00B5s (p99)`
}

if (values.help) process.stdout.write(usage)
else await bench()
