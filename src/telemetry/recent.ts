/** The last things that happened of those a person wants to hear of, for whoever comes to look. */
import type { GatewayEvent, Listener } from './event.ts'

export interface Recent {
  /** Ms since 1970. */
  readonly at: number
  readonly event: GatewayEvent
}

/** Requests that fail in floods leave room for what they fail of. */
const kept = { house: 40, requests: 10 }

/** `now` in ms since 1970. */
export function createRecent(now: () => number): { readonly hear: Listener; readonly list: () => readonly Recent[] } {
  const house: Recent[] = []
  const requests: Recent[] = []
  return {
    hear(event) {
      if (!isWorthTelling(event)) return
      const [ring, most] = event.type === 'request.ended' ? [requests, kept.requests] : [house, kept.house]
      ring.push({ at: now(), event })
      if (ring.length > most) ring.shift()
    },
    list: () => [...house, ...requests].toSorted((one, other) => one.at - other.at),
  }
}

/** 1. A failed request, unless its client left. 2. The end of a download. 3. The life of servers, each part told once: what was unloaded is
 *  told of when it has gone. 4. Of the rest, what changes what can be asked for, and every trouble. */
function isWorthTelling(event: GatewayEvent): boolean {
  switch (event.type) {
    case 'request.ended':
      return event.record.error !== null && event.record.error !== 'client_left' // 1
    case 'download.changed':
      return ['complete', 'failed', 'paused'].includes(event.download.state.kind) // 2
    case 'server.stopped':
      return event.reason !== 'evicted' && event.reason !== 'idle' // 3
    case 'profile.loading':
    case 'profile.evicted':
    case 'profile.unloaded':
    case 'server.ready':
    case 'server.failed':
    case 'server.reaped':
      return true // 3
    case 'profile.created':
    case 'profile.changed':
    case 'profile.removed':
    case 'profile.pinned':
    case 'model.removed':
    case 'engine.installing':
    case 'engine.installed':
    case 'engine.failed':
    case 'gateway.started':
    case 'gateway.trouble':
    case 'history.trouble':
    case 'catalog.trouble':
    case 'download.trouble':
    case 'supervisor.trouble':
    case 'scheduler.trouble':
      return true // 4
    default:
      return false
  }
}
