/** A whole house in a folder of its own, with nothing but what a test puts there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../../src/config/config.ts'
import type { Config } from '../../../src/config/config.ts'
import { openGateway, startGateway } from '../../../src/gateway.ts'

export interface Wishes {
  /** The text of the configuration file. */
  readonly file?: string
  readonly host?: string
  readonly port?: number
  /** Where the built admin page lies. */
  readonly page?: string
}

export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'mlx-gateway-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export function configOf(data: string, { file = '', host = '127.0.0.1', port = 0 }: Wishes = {}): Config {
  return loadConfig({
    flags: { data, host, port },
    environment: {},
    homeDirectory: data,
    readFile: (path) => (path.endsWith('config.yaml') ? file : undefined),
  })
}

/** Log lines end in `log`; `heard` is called with each. */
export function quiet(log: string[] = [], heard: (line: string) => void = () => {}) {
  const write = (line: string): void => {
    log.push(line)
    heard(line)
  }
  return { environment: { PATH: '/usr/bin:/bin' }, platform: process.platform, destination: { write } }
}

/** The house without a front door. */
export async function openHouse(wishes?: Wishes) {
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(temporaryFolder())
  const gateway = stack.use(await openGateway(configOf(path, wishes), quiet()))
  const kept = stack.move()
  const ask = (method: string, at: string, body?: unknown): Promise<Response> => {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    return gateway.adminFetch(new Request(`http://localhost/admin/api${at}`, { method, ...sent }))
  }
  return {
    path,
    gateway,
    ask,
    /** Status and body. */
    async tell(method: string, at: string, body?: unknown): Promise<{ status: number; body: unknown }> {
      const response = await ask(method, at, body)
      return { status: response.status, body: await response.json() }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** The house with its front door open. */
export async function startHouse(wishes?: Wishes) {
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(temporaryFolder())
  const log: string[] = []
  const failed = Promise.withResolvers<string>()
  const heard = (line: string): void => (line.includes('"server.failed"') ? failed.resolve(line) : undefined)
  const { page: pageDirectory = join(path, 'no-page') } = wishes ?? {}
  const gateway = stack.use(await startGateway(configOf(path, wishes), { ...quiet(log, heard), pageDirectory }))
  const kept = stack.move()
  return {
    path,
    gateway,
    log,
    /** The line of the first server that fails. */
    failed: failed.promise,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
