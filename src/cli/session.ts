/** The admin API as the commands reach it: the running gateway's, or one opened for a moment in this process. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hc } from 'hono/client'
import type { AdminApi } from '../api/admin/admin.ts'
import type { Config } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import { openGateway } from '../gateway.ts'
import { parseObject } from '../wire/json.ts'
import { findGateway, type Found } from './find-gateway.ts'
import { printable } from './print.ts'
import type { World } from './world.ts'

export type Client = ReturnType<typeof hc<AdminApi>>

export interface AdminSession {
  readonly client: Client
  /** Whether it speaks to a gateway that runs on its own. */
  readonly running: boolean
}

export interface SessionOptions {
  readonly mustRun: boolean
  /** Its name, where it may take long: others that want the data directory meanwhile are told. */
  readonly command?: string
}

/** Runs `work` with the admin API. Where no gateway runs, opens the data directory here, without a door to the outside: keys can be made
 *  and engines installed before the first start. With `mustRun`, throws GatewayError `server_unavailable` instead. */
export async function withAdmin<T>(
  config: Config,
  world: World,
  options: SessionOptions,
  work: (session: AdminSession) => Promise<T>,
): Promise<T> {
  await using session = await openSession(config, world, options)
  try {
    return await work(session)
  } catch (cause) {
    if (!session.running || !isBroken(cause)) throw cause
    throw new GatewayError('server_unavailable', 'The connection to the gateway broke: it has ended.', { cause })
  }
}

/** For a gateway that is just starting, or another command that will be done in a moment. */
const patienceMs = 3_000
const longestTimerMs = 2 ** 31 - 1

async function openSession(
  config: Config,
  world: World,
  { mustRun, command }: SessionOptions,
): Promise<AdminSession & AsyncDisposable> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const found = await findGateway(config.dataDirectory)
    if (found.kind === 'running') return sessionAt(found.url, config.dataDirectory)
    if (mustRun) throw absent(found, config, world)
    try {
      return await sessionHere(config, world, command)
    } catch (error) {
      const held = error instanceof GatewayError && error.code === 'data_dir_locked'
      if (!held || performance.now() > deadline) throw error
    }
    await sleep(100)
  }
}

async function sessionAt(url: string, dataDirectory: string): Promise<AdminSession & AsyncDisposable> {
  const headers = { authorization: `Bearer ${await adminToken(dataDirectory)}` }
  const client = hc<AdminApi>(`${url}/admin/api`, { headers, fetch: fetchThere })
  return { client, running: true, async [Symbol.asyncDispose]() {} }
}

/** The token is for the gateway that was found, and for nobody it might point to. */
const fetchThere: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' })

async function adminToken(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, 'admin-token')
  const remedy = 'Restart the gateway; without the file, it makes a new one.'
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const message = `The admin token cannot be read: ${messageOf(cause)}. ${remedy}`
    throw new GatewayError('invalid_config', message, { cause })
  })
  const token = text.trim()
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new GatewayError('invalid_config', `${file} holds no admin token. Delete it. ${remedy}`)
}

async function sessionHere(config: Config, world: World, name?: string): Promise<AdminSession & AsyncDisposable> {
  const { environment, platform } = world
  const destination = { write: (line: string) => void world.err.write(warningOf(line)) }
  const command = ['mlx-gateway', name].filter(Boolean).join(' ')
  const gateway = await openGateway(config, { environment, platform, destination, command })
  // the house waits for space or for the hub by timers that let a process end
  const held = setInterval(() => {}, longestTimerMs)
  const local: typeof fetch = (input, init) => gateway.adminFetch(new Request(input, init))
  const client = hc<AdminApi>('http://localhost/admin/api', { fetch: local })
  return {
    client,
    running: false,
    async [Symbol.asyncDispose]() {
      try {
        await gateway[Symbol.asyncDispose]()
      } finally {
        clearInterval(held)
      }
    },
  }
}

/** A line of the log, for a person who did not ask for one. */
function warningOf(line: string): string {
  const message = parseObject(line)?.['message']
  return typeof message === 'string' ? `warning: ${printable(message)}\n` : line
}

function absent(found: Exclude<Found, { kind: 'running' }>, config: Config, world: World): GatewayError {
  const { dataDirectory } = config
  const usual = dataDirectory === join(world.homeDirectory, '.mlx-gateway')
  const start = `Start one with: mlx-gateway serve${usual ? '' : ` --data ${quoted(dataDirectory)}`}`
  switch (found.kind) {
    case 'none':
      return new GatewayError('server_unavailable', `No gateway is running on ${dataDirectory}. ${start}`)
    case 'stranger': {
      const message = `No gateway is running on ${dataDirectory}; at ${found.url} another program answers by now. ${start}`
      return new GatewayError('server_unavailable', message)
    }
    case 'silent': {
      const message = `Nobody answers at ${found.url}, where the gateway of ${dataDirectory} was last. Try again, or stop it and start it anew.`
      return new GatewayError('server_unavailable', message)
    }
  }
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

/** What undici says of a connection that cannot be made, and of one that breaks within an answer. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError && ['fetch failed', 'terminated'].includes(error.message)
}
