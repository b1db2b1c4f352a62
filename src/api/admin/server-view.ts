/** What is shown of a server: its life from the supervisor, its use from the scheduler. */
import { z } from '@hono/zod-openapi'
import type { House } from '../door.ts'
import type { ServerSnapshot, ServerState } from '../../supervisor/supervisor.ts'

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

/** Every profile that has or had a server, or is waited for; one that was removed until its server has stopped. */
export function viewServers({
  supervisor,
  scheduler,
  router,
}: Pick<House, 'supervisor' | 'scheduler' | 'router'>): z.output<typeof serversView> {
  const { budgetBytes, profiles } = scheduler.snapshot()
  const known = new Set(router.list().map(({ id }) => id))
  const shown = supervisor.servers().filter(({ profile, state }) => known.has(profile) || isAlive(state))
  const lives = new Map(shown.map((server) => [server.profile, server]))
  const uses = new Map(profiles.map((use) => [use.profile, use]))
  const names = [...new Set([...lives.keys(), ...uses.keys()])].sort()
  const servers = names.map((name) => ({ ...viewLife(name, lives.get(name)), ...viewUse(uses.get(name)) }))
  return { budgetBytes, reservedBytes: servers.reduce((sum, server) => sum + server.reservedBytes, 0), servers }
}

function isAlive({ kind }: ServerState): boolean {
  return kind !== 'stopped' && kind !== 'failed'
}

type Use = ReturnType<House['scheduler']['snapshot']>['profiles'][number]

function viewUse(use: Use | undefined) {
  const { reservedBytes = 0, active = 0, waiting = 0, pinned = false, lastUsed = null, unloadAt = null } = use ?? {}
  return { reservedBytes, active, waiting, pinned, lastUsed: whole(lastUsed), unloadAt: whole(unloadAt) }
}

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}

function viewLife(profile: string, server: ServerSnapshot | undefined) {
  const {
    engine = '',
    version = null,
    model = null,
    memoryBytes = null,
    state = { kind: 'stopped' } as const,
  } = server ?? {}
  return { profile, engine, version, model, memoryBytes, ...viewState(state) }
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
