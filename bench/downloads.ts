/** `npm run bench:downloads`: how fast a model comes and is verified, beside what curl alone makes of the same file, round by round. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { buildGateway } from '../tests/fixtures/built.ts'
import { filesOf } from '../tests/fixtures/downloads/files-of.ts'
import type { Measured } from '../tests/fixtures/programs/large-transfer.ts'
import { median } from './statistics.ts'
import { startHub } from './subjects/hub.ts'

const usage = `node bench/downloads.ts [options]

  --bytes N         size of the model (2147483648)
  --connections N   requests at once (4, as the gateway has it)
  --folder PATH     where the files go (/dev/shm where there is one: the disk is not what is measured)
  --rounds N        (5)
`
const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: String(2 * 1024 ** 3) },
    connections: { type: 'string', default: '4' },
    folder: { type: 'string', default: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
})

const ID = 'bench/model'
const WEIGHTS = 'model.safetensors'
const GOAL = 0.6
const fixtures = join(import.meta.dirname, '../tests/fixtures')
const run = promisify(execFile)

interface Round {
  /** MB/s. */
  readonly curl: number
  readonly gateway: number
  readonly ratio: number
  /** MB. */
  readonly grown: number
  readonly peak: number
  /** ms. */
  readonly late: number
}

async function openHub(bytes: number) {
  const hub = await startHub(ID, bytes)
  const facts = await fetch(`${hub.endpoint}/api/models/${ID}`)
  const { sha: commit } = (await facts.json()) as { readonly sha: string }
  return { ...hub, commit, files: await filesOf(hub.endpoint, commit, ID) }
}

type Hub = Awaited<ReturnType<typeof openHub>>

/** Seconds. */
async function curl({ endpoint, commit }: Hub, folder: string): Promise<number> {
  const url = `${endpoint}/${ID}/resolve/${commit}/${WEIGHTS}`
  const { stdout } = await run('curl', ['-sfL', '-o', join(folder, 'curl'), '-w', '%{time_total}', url])
  await rm(join(folder, 'curl'))
  return Number(stdout)
}

async function transfer({ endpoint, commit, files }: Hub, folder: string, built: string): Promise<Measured> {
  const cache = join(folder, 'cache')
  const hub = { endpoint, token: undefined, offline: false }
  const job = { hub, id: ID, commit, revision: 'main', cache, files, connections: Number(values.connections) }
  const program = join(fixtures, 'programs/large-transfer.ts')
  const line = ['--expose-gc', '--max-semi-space-size=4', program, built, JSON.stringify(job)]
  const { stdout } = await run(process.execPath, line)
  await rm(cache, { recursive: true })
  return JSON.parse(stdout)
}

async function bench(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const bytes = Number(values.bytes)
  const built = stack.use(await buildGateway())
  const folder = await mkdtemp(join(values.folder, 'mlx-gateway-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const hub = await openHub(bytes)
  stack.defer(hub.stop)

  const rounds: Round[] = []
  for (let round = 0; round < Number(values.rounds); round += 1) {
    // one first, then the other first
    const early = round % 2 === 0 ? await curl(hub, folder) : undefined
    const { ms, grownBytes, peakBytes, lateP99Ms } = await transfer(hub, folder, built.folder)
    const rate = bytes / 1e6 / (early ?? (await curl(hub, folder)))
    const gateway = bytes / 1e3 / ms
    const memory = { grown: grownBytes / 1e6, peak: peakBytes / 1e6 }
    rounds.push({ curl: rate, gateway, ratio: gateway / rate, ...memory, late: lateP99Ms })
    process.stderr.write(`round ${round + 1}: ${rowOf(rounds.slice(-1))}\n`)
  }
  process.stdout.write(`medians: ${rowOf(rounds)} (goal: ${GOAL} of curl, 50 MB)\n`)
}

function rowOf(rounds: readonly Round[]): string {
  const of = (figure: keyof Round) => median(rounds.map((round) => round[figure]))
  const rates = `curl ${of('curl').toFixed(0)} MB/s, gateway ${of('gateway').toFixed(0)} MB/s: ${of('ratio').toFixed(2)} of curl`
  return `${rates}; ${of('grown').toFixed(0)} MB more memory (${of('peak').toFixed(0)} for a moment); timers ${of('late').toFixed(1)} ms late (p99)`
}

if (values.help) process.stdout.write(usage)
else await bench()
