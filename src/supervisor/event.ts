/** What the supervisor tells the house, and which change of state is worth telling. */
import type { Diagnosis, Progress } from '../engines/engines.ts'
import type { ServerState, StopReason } from './lifecycle.ts'

export type SupervisorEvent =
  | { readonly type: 'server.starting'; readonly profile: string }
  | { readonly type: 'server.progress'; readonly profile: string; readonly progress: Progress }
  | { readonly type: 'server.ready'; readonly profile: string; readonly pid: number; readonly loadMs: number }
  | { readonly type: 'server.measured'; readonly profile: string; readonly memoryBytes: number }
  | { readonly type: 'server.stopping'; readonly profile: string; readonly reason: StopReason }
  /** `freedBytes`: what it held as last measured; undefined where it never was. `ms`: how long its end took. */
  | {
      readonly type: 'server.stopped'
      readonly profile: string
      readonly reason: StopReason
      readonly freedBytes: number | undefined
      readonly ms: number
    }
  | {
      readonly type: 'server.failed'
      readonly profile: string
      readonly diagnosis: Diagnosis
      readonly lines: readonly string[]
      readonly retryAt: number
    }
  | { readonly type: 'server.reaped'; readonly profile: string; readonly pid: number }
  | { readonly type: 'supervisor.trouble'; readonly message: string }

export type Announce = (event: SupervisorEvent) => void

/** What there is to tell of a server that went from one state to another; two where it stopped and starts again. `heldBytes`: what it held
 *  before; `now` in ms since 1970, as the states' own times. */
export function eventsOf(
  profile: string,
  before: ServerState,
  after: ServerState,
  { heldBytes, now }: { readonly heldBytes: number | undefined; readonly now: number },
): readonly SupervisorEvent[] {
  if (before.kind === after.kind) return progressOf(profile, before, after)
  const stopped: readonly SupervisorEvent[] =
    before.kind === 'stopping' && before.failure === undefined
      ? [{ type: 'server.stopped', profile, reason: before.reason, freedBytes: heldBytes, ms: now - before.since }]
      : []
  switch (after.kind) {
    case 'stopped':
      return stopped
    case 'starting':
      return [...stopped, { type: 'server.starting', profile }]
    case 'ready':
      return [{ type: 'server.ready', profile, pid: after.pid, loadMs: after.loadMs }]
    case 'stopping':
      return [{ type: 'server.stopping', profile, reason: after.reason }]
    case 'failed': {
      const { diagnosis, lines, retryAt } = after
      return [{ type: 'server.failed', profile, diagnosis, lines, retryAt }]
    }
  }
}

function progressOf(profile: string, before: ServerState, after: ServerState): readonly SupervisorEvent[] {
  if (before.kind !== 'starting' || after.kind !== 'starting') return []
  const { progress } = after
  return progress === undefined || progress === before.progress ? [] : [{ type: 'server.progress', profile, progress }]
}
