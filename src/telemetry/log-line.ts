/** What the log says of an event: how important it is, and its facts, flat and printable. */
import type { GatewayEvent } from './event.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'

const levels: Record<GatewayEvent['type'], Level> = {
  'gateway.started': 'info',
  'gateway.stopping': 'info',
  'setting.changed': 'info',
  'budget.changed': 'info',
  'gateway.trouble': 'error',
  'history.trouble': 'warn',
  'catalog.refreshed': 'debug',
  'catalog.trouble': 'warn',
  'catalog.measured': 'debug',
  'model.removed': 'info',
  'model.verified': 'info',
  'profile.created': 'info',
  'profile.changed': 'info',
  'profile.removed': 'info',
  'download.changed': 'info',
  'download.progress': 'debug',
  'download.removed': 'debug',
  'download.trouble': 'warn',
  'engine.installing': 'info',
  'engine.installed': 'info',
  'engine.failed': 'error',
  'server.starting': 'info',
  'server.progress': 'info',
  'server.ready': 'info',
  'server.measured': 'debug',
  'server.stopping': 'info',
  'server.stopped': 'info',
  'server.failed': 'warn',
  'server.reaped': 'warn',
  'supervisor.trouble': 'warn',
  'scheduler.trouble': 'warn',
  'queue.changed': 'debug',
  'profile.loading': 'info',
  'profile.evicted': 'info',
  'profile.unloaded': 'info',
  'profile.pinned': 'info',
  'request.started': 'debug',
  'request.first_token': 'debug',
  'request.ended': 'info',
}

export function levelOf(event: GatewayEvent): Level {
  return levels[event.type]
}

/** The facts of an event without its type. A server's own lines stay in its own log: an engine may print what was said. */
export function factsOf(event: GatewayEvent): Record<string, unknown> {
  switch (event.type) {
    case 'request.ended':
      return { ...event.record, model: printable(event.record.model) }
    case 'request.started': {
      const { type: _, ...facts } = event
      return { ...facts, model: printable(event.model) }
    }
    case 'download.changed':
    case 'download.progress': {
      const { id, repo, revision, state, bytes, totalBytes, bytesPerSecond } = event.download
      const { kind, ...why } = state
      return { id, repo, revision, state: kind, ...why, bytes, totalBytes, bytesPerSecond }
    }
    case 'server.progress': {
      const { profile, progress } = event
      const { phase, message, share } = progress
      return { profile, phase, message, ...(share !== undefined && { percent: Math.round(share * 100) }) }
    }
    case 'server.failed': {
      const { type: _, lines: __, diagnosis, ...facts } = event
      return { ...facts, ...diagnosis }
    }
    default: {
      const { type: _, ...facts } = event
      return facts
    }
  }
}

/** A caller's words, cut to 200 characters and without control characters, which a terminal might obey. */
export function printable(text: string): string {
  return text.slice(0, 200).replaceAll(/\p{C}/gu, '\uFFFD')
}
