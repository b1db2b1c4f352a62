/** What is shown of a server: its life from the supervisor, its use from the scheduler. */
import { z } from '@hono/zod-openapi'
import type { ListedModel } from '../../router/router.ts'
import type { ServerSnapshot, ServerState } from '../../supervisor/supervisor.ts'
import type { Speed } from '../../telemetry/telemetry.ts'
import type { House } from '../door.ts'

const time = z.int().describe('ms since 1970')

export const serverView = z
  .object({
    profile: z.string(),
    engine: z.string(),
    version: z.string().nullable(),
    model: z.string().nullable(),
    state: z.enum(['stopped', 'starting', 'ready', 'stopping', 'failed']),
    since: time.nullable(),
    pid: z.int().nullable(),
    port: z.int().nullable(),
    loadMs: z.int().nullable().describe('how long its start took'),
    usualLoadMs: z.int().nullable().describe('how long its last starts took'),
    tokensPerSecond: z.number().nullable().describe('of its last answers'),
    firstTokenMs: z.int().nullable().describe('until its last answers began, once they had a place'),
    contextLength: z.int().nullable().describe('tokens its model was trained to see'),
    quantization: z.string().nullable(),
    progress: z
      .object({
        phase: z.enum(['installing', 'fetching', 'loading']),
        message: z.string(),
        share: z.number().nullable(),
      })
      .nullable(),
    stopping: z.string().nullable().describe('why it is being stopped'),
    failure: z
      .object({
        kind: z.enum(['permanent', 'transient', 'memory']),
        reason: z.string(),
        lines: z.array(z.string()).describe('its last words'),
        failures: z.int().describe('in a row'),
        retryAt: time,
      })
      .nullable(),
    memoryBytes: z.int().nullable().describe('what it holds, as last measured'),
    reservedBytes: z.int().describe('what it takes of the budget'),
    active: z.int(),
    waiting: z.int(),
    pinned: z.boolean(),
    lastUsed: time.nullable(),
    unloadAt: time.nullable().describe('when it will be unloaded if nobody asks'),
  })
  .openapi('Server')

export const serversView = z
  .object({ budgetBytes: z.int(), reservedBytes: z.int(), servers: z.array(serverView) })
  .openapi('Servers')

export type ServerView = z.output<typeof serverView>
export type ServersView = z.output<typeof serversView>

type Rooms = Pick<House, 'supervisor' | 'scheduler' | 'router' | 'telemetry'>

/** Every profile that has or had a server, or is waited for; one that was removed until its server has stopped. */
export function viewServers({ supervisor, scheduler, router, telemetry }: Rooms): ServersView {
  const { budgetBytes, profiles } = scheduler.snapshot()
  const known = new Map(router.list().map((listed) => [listed.id, listed]))
  const shown = supervisor.servers().filter(({ profile, state }) => known.has(profile) || isAlive(state))
  const lives = new Map(shown.map((server) => [server.profile, server]))
  const uses = new Map(profiles.map((use) => [use.profile, use]))
  const names = [...new Set([...lives.keys(), ...uses.keys()])].sort()
  const servers = names.map((name): ServerView => {
    const listed = known.get(name)
    return {
      ...viewLife(name, lives.get(name), listed),
      ...viewUse(uses.get(name), listed !== undefined && scheduler.isPinned(listed.profile)),
      ...viewUsual(scheduler.usualLoadMs(name), telemetry.speed(name)),
    }
  })
  return { budgetBytes, reservedBytes: servers.reduce((sum, server) => sum + server.reservedBytes, 0), servers }
}

/** Of a profile that there is, whether or not it has had a server. */
export function viewServer(listed: ListedModel, house: Rooms): ServerView {
  const { id, profile } = listed
  return (
    viewServers(house).servers.find((server) => server.profile === id) ?? {
      ...viewLife(id, undefined, listed),
      ...viewUse(undefined, house.scheduler.isPinned(profile)),
      ...viewUsual(house.scheduler.usualLoadMs(id), house.telemetry.speed(id)),
    }
  )
}

function isAlive({ kind }: ServerState): boolean {
  return kind !== 'stopped' && kind !== 'failed'
}

type Use = ReturnType<House['scheduler']['snapshot']>['profiles'][number]

function viewUse(use: Use | undefined, isPinned: boolean) {
  const { reservedBytes = 0, active = 0, waiting = 0, pinned = isPinned, lastUsed = null, unloadAt = null } = use ?? {}
  return { reservedBytes, active, waiting, pinned, lastUsed: whole(lastUsed), unloadAt: whole(unloadAt) }
}

function viewUsual(usualLoadMs: number | undefined, { tokensPerSecond, firstTokenMs }: Speed) {
  return {
    usualLoadMs: whole(usualLoadMs ?? null),
    tokensPerSecond: tokensPerSecond === undefined ? null : Math.round(tokensPerSecond * 10) / 10,
    firstTokenMs: whole(firstTokenMs ?? null),
  }
}

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}

/** What its process does not tell, its profile does. */
function viewLife(profile: string, server: ServerSnapshot | undefined, listed: ListedModel | undefined) {
  const { version = null, memoryBytes = null, state = { kind: 'stopped' } as const } = server ?? {}
  const quantization = listed?.model?.facts.quantization
  return {
    profile,
    engine: server?.engine ?? listed?.profile.engine ?? '',
    version,
    model: server?.model ?? listed?.model?.id ?? null,
    memoryBytes,
    contextLength: listed?.contextLength ?? null,
    quantization: quantization === undefined || quantization === 'unknown' ? null : quantization,
    ...viewState(state),
  }
}

function viewState(state: ServerState) {
  const nothing = { pid: null, port: null, loadMs: null, progress: null, stopping: null, failure: null }
  switch (state.kind) {
    case 'stopped':
      return { ...nothing, state: state.kind, since: null }
    case 'starting': {
      const { kind, since, progress, pid = null } = state
      const shown = progress === undefined ? null : { ...progress, share: progress.share ?? null }
      return { ...nothing, state: kind, since, pid, progress: shown }
    }
    case 'ready': {
      const { kind, since, pid, port, loadMs } = state
      return { ...nothing, state: kind, since, pid, port, loadMs: Math.round(loadMs) }
    }
    case 'stopping': {
      const { kind, since, pid = null, reason } = state
      return { ...nothing, state: kind, since, pid, stopping: reason }
    }
    case 'failed': {
      const { kind, since, diagnosis, lines, failures, retryAt } = state
      return { ...nothing, state: kind, since, failure: { ...diagnosis, lines: [...lines], failures, retryAt } }
    }
  }
}
