/** `npm run bench`: what mlx-gateway costs, beside the direct call, nginx and gateways started by hand, interleaved in one run. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Book } from './book.ts'
import { createGenerator } from './load/generator.ts'
import { measureAfterLoad, measureIdle, measureOpenStreams } from './memory.ts'
import { readOptions, usage, type Group, type Options } from './options.ts'
import { measureBodies, measureOverhead } from './overhead.ts'
import { eachSubject, type Run } from './run.ts'
import { measureStreams } from './streams.ts'
import { findBeside } from './subjects/beside.ts'
import { startGateway } from './subjects/gateway.ts'
import { startNginx } from './subjects/nginx.ts'
import { startProgram } from './subjects/program.ts'
import { mockEngine, type Subject } from './subjects/subject.ts'
import { measureSwaps } from './swap.ts'
import { table } from './table.ts'

const direct = 'direct'
const gateway = 'mlx-gateway'

function trouble(message: string): void {
  process.stderr.write(`${message}\n`)
}

/** Direct first; each is taken down again by the stack. */
async function gather(options: Options, folder: string, stack: AsyncDisposableStack): Promise<readonly Subject[]> {
  const { enginePort, http, without } = options
  const engine = await startProgram(mockEngine(enginePort, http), enginePort, join(folder, 'engine.log'))
  const target = { port: enginePort, model: 'bench', key: undefined }
  const subjects: Subject[] = [{ name: direct, target, pids: [], stop: engine.stop }]
  stack.defer(engine.stop)
  const add = (subject: Subject | undefined): void => {
    if (subject === undefined) return
    subjects.push(subject)
    stack.defer(async () => {
      await subject.swap?.close()
      await subject.stop()
    })
  }
  if (!without.includes(gateway)) add(await startGateway(folder, options))
  if (!without.includes('nginx')) add(await startNginx(folder, enginePort))
  for (const argument of options.beside) add(await findBeside(argument))
  return subjects
}

async function measure(run: Run, options: Options, folder: string): Promise<void> {
  const asked = (group: Group): boolean => options.only.length === 0 || options.only.includes(group)
  const rounds = Array.from({ length: options.rounds }, (_, round) => round)
  await eachSubject(run, 0, ({ target }) => run.generator.run({ kind: 'check', target }))
  if (asked('memory')) {
    await measureIdle(run)
    await measureOpenStreams(run)
  }
  await eachSubject(run, 0, ({ target }) =>
    run.generator.run({ kind: 'requests', target, connections: 32, bodyBytes: 1024, forMs: 2000 * run.scale }),
  )
  for (const round of rounds) {
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`)
    if (asked('requests')) await measureOverhead(run, round)
    if (asked('bodies')) await measureBodies(run, round)
    if (asked('streams')) await measureStreams(run, round)
  }
  if (asked('memory')) await measureAfterLoad(run)
  if (!asked('swap')) return
  for (const round of rounds) await measureSwaps(run, round, { folder, http: options.http })
}

async function bench(options: Options): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'mlx-gateway-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const subjects = await gather(options, folder, stack)
  const generator = createGenerator()
  stack.defer(async () => {
    await generator.close()
  })
  const book = new Book()
  await measure({ subjects, generator, book, scale: options.scale, trouble }, options, folder)

  const names = subjects.map(({ name }) => name)
  const beside = options.beside[0]?.split('=', 1)[0]
  process.stdout.write(`${table(book, { names, gateway, beside })}\n`)
  if (options.json === undefined) return
  const machine = { platform: process.platform, cpus: cpus().map(({ model }) => model), node: process.version }
  await writeFile(options.json, JSON.stringify({ machine, rounds: options.rounds, entries: book.entries() }, null, 2))
}

const options = readOptions()
if (options === undefined) process.stdout.write(usage)
else await bench(options)
