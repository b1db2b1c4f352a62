/** mlx-gateway from this working tree with everything switched on: a key in use, metrics, logs, request history. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort, startProgram, type Program } from './program.ts'
import { mockEngine, swapModels, type Subject, type SwapHouse } from './subject.ts'

export interface Build {
  /** The gateway's entry, from the root of the repository. */
  readonly main: string
  /** Of the mock engine. */
  readonly http: string
}

export interface GatewaySubject extends Subject {
  readonly adminToken: string
}

interface House {
  readonly main: string
  readonly folder: string
  readonly config: string
  readonly data: string
}

/** `more`: settings beside the usual ones. */
export async function startGateway(folder: string, build: Build, more: object = {}): Promise<GatewaySubject> {
  const profile = { name: 'bench', engine: 'command', command: mockEngine('${port}', build.http), memory: '300MB' }
  const house = await furnish(build, join(folder, 'gateway'), '4GB', [{ ...profile, concurrency: 1024, idle: 0 }], more)
  const port = await freePort()
  const program = await open(house, port)
  try {
    const target = { port, model: 'bench', key: await createKey(house, port) }
    const adminToken = (await readFile(join(house.data, 'admin-token'), 'utf8')).trim()
    return {
      name: 'mlx-gateway',
      target,
      adminToken,
      pids: [program.pid],
      swap: swapHouse(folder, build),
      stop: program.stop,
    }
  } catch (error) {
    await program.stop()
    throw error
  }
}

/** A second gateway whose memory holds one of its two models; a new process each time it is to be empty. */
function swapHouse(folder: string, build: Build): SwapHouse {
  let made: { readonly house: House; readonly key: string | undefined } | undefined
  let program: Program | undefined
  return {
    async empty() {
      await program?.stop()
      const port = await freePort()
      const profiles = Object.entries(swapModels).map(([name, loadMs]) => {
        return { name, engine: 'command', command: mockEngine('${port}', build.http, loadMs), memory: '300MB' }
      })
      const house = made?.house ?? (await furnish(build, join(folder, 'swap'), '500MB', profiles))
      program = await open(house, port)
      made ??= { house, key: await createKey(house, port) }
      return { port, model: 'swap-quick', key: made.key }
    },
    async close() {
      await program?.stop()
    },
  }
}

async function furnish(
  build: Build,
  folder: string,
  budget: string,
  profiles: readonly object[],
  more: object = {},
): Promise<House> {
  await mkdir(folder)
  const models = { huggingfaceCache: false, lmStudio: false, starter: false }
  const settings = { models, memory: { budget }, scheduling: { queue: 2048, queueTotal: 4096 }, profiles, ...more }
  const main = fileURLToPath(new URL(join('../..', build.main), import.meta.url))
  const house = { main, folder, config: join(folder, 'config.yaml'), data: join(folder, 'data') }
  await writeFile(house.config, JSON.stringify(settings))
  return house
}

function open(house: House, port: number): Promise<Program> {
  const argv = [
    process.execPath,
    // as npm start and the installed command have it
    '--expose-gc',
    '--max-semi-space-size=4',
    house.main,
    'serve',
    '--config',
    house.config,
    '--data',
    house.data,
    '--port',
    String(port),
  ]
  return startProgram(argv, port, join(house.folder, 'output.log'))
}

/** The secret is the first line of what the command prints. */
async function createKey(house: House, port: number): Promise<string | undefined> {
  const place = ['--config', house.config, '--data', house.data, '--port', String(port)]
  const argv = [house.main, 'keys', 'create', 'bench', ...place]
  const { stdout } = await promisify(execFile)(process.execPath, argv)
  return stdout.split('\n', 1)[0]
}
