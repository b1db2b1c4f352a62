/** The admin API as the commands see it: the running gateway's, or one opened for a moment in this process. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hc } from 'hono/client'
import type { AdminApi } from '../api/admin/admin.ts'
import type { Config } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import { openGateway } from '../gateway.ts'
import { isObject, parseObject } from '../wire/json.ts'
import type { World } from './world.ts'

export type Client = ReturnType<typeof hc<AdminApi>>

export interface AdminSession {
  readonly client: Client
  /** Whether it speaks to a gateway that runs on its own. */
  readonly running: boolean
}

/** Runs `work` with the admin API. Where no gateway runs, opens the data directory here, without a door to the outside: keys can be made
 *  and engines installed before the first start. With `mustRun`, throws GatewayError `server_unavailable` instead. */
export async function withAdmin<T>(
  config: Config,
  world: World,
  options: { readonly mustRun: boolean },
  work: (session: AdminSession) => Promise<T>,
): Promise<T> {
  const url = await runningAt(config)
  if (url !== undefined) {
    const token = (await readFile(join(config.dataDirectory, 'admin-token'), 'utf8')).trim()
    const headers = { authorization: `Bearer ${token}` }
    return work({ client: hc<AdminApi>(`${url}/admin/api`, { headers }), running: true })
  }
  if (options.mustRun) {
    throw new GatewayError(
      'server_unavailable',
      'No gateway is running on this data directory. Start one with: mlx-gateway serve',
    )
  }
  await using gateway = await openGateway(config, { environment: world.environment, platform: world.platform })
  const local: typeof fetch = (input, init) => gateway.adminFetch(new Request(input, init))
  return await work({ client: hc<AdminApi>('http://localhost/admin/api', { fetch: local }), running: false })
}

/** The base address of the gateway that serves this data directory, if one answers there. */
async function runningAt(config: Config): Promise<string | undefined> {
  const facts = parseObject(await readFile(join(config.dataDirectory, 'gateway.json'), 'utf8').catch(() => ''))
  const url = facts?.['url']
  if (typeof url !== 'string') return undefined
  try {
    const answer = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(5000) })
    return answer.ok ? url : undefined
  } catch {
    // nobody listens there any more: the file is a dead gateway's
    return undefined
  }
}

/** Names in a path: `hc` leaves the slash of `owner/name` as it is. */
export function inPath<Param extends Record<string, string>>(param: Param): { [Name in keyof Param]: string } {
  return Object.fromEntries(Object.entries(param).map(([name, value]) => [name, encodeURIComponent(value)])) as {
    [Name in keyof Param]: string
  }
}

interface Answer {
  readonly ok: boolean
  readonly status: number
  json(): Promise<unknown>
  text(): Promise<string>
}

/** What an answer holds where it is no refusal. */
type Held<A> = A extends { json(): Promise<infer Body> } ? (Body extends { error: unknown } ? never : Body) : never

/** The body of an answer; throws GatewayError with the gateway's own words where it refused. */
export async function read<A extends Answer>(request: Promise<A>): Promise<Held<A>> {
  const answer = await request
  if (answer.ok) return (await answer.json()) as Held<A>
  throw refusal(answer.status, await answer.text())
}

export function refusal(status: number, text: string): GatewayError {
  const error = parseObject(text)?.['error']
  const message = isObject(error) ? error['message'] : undefined
  return new GatewayError('invalid_request', typeof message === 'string' ? message : `The gateway answered ${status}.`)
}

/** Calls `event` for each server-sent event of an answer, until it ends. */
export async function eachEvent(answer: Response, event: (name: string, data: unknown) => void): Promise<void> {
  if (!answer.ok || answer.body === null) throw refusal(answer.status, await answer.text())
  let rest = ''
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) tell(block, event)
  }
}

function tell(block: string, event: (name: string, data: unknown) => void): void {
  const fields = block
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
  const value = (name: string) =>
    fields
      .filter(([field]) => field === name)
      .map(([, text]) => text)
      .join('\n')
  const data = value('data')
  if (data === '') return
  try {
    event(value('event'), JSON.parse(data))
  } catch (error) {
    throw new GatewayError('internal_error', `The gateway sent an event that cannot be read: ${messageOf(error)}`)
  }
}
