/** Stands above the rooms and listens: what they announce becomes metrics, log lines, request history and live events. */
import type { Settings } from '../config/config.ts'
import { messageOf } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { GatewayEvent, Listener } from './event.ts'
import { createHistory } from './history.ts'
import { createLog } from './log.ts'
import type { ReadableLog } from './log-ring.ts'
import type { Destination } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createRecent } from './recent.ts'
import type { Recent } from './recent.ts'
import { Speeds } from './speeds.ts'
import type { Speed } from './speeds.ts'

export type { Announce, GatewayEvent, HouseEvent } from './event.ts'
export { Speeds, type Speed } from './speeds.ts'

export interface Telemetry {
  /** Takes an event in; cheap, never throws. */
  announce(event: GatewayEvent): void
  /** Calls `listener` for every further event; the result ends that. */
  listen(listener: Listener): () => void
  /** The last events worth telling a person, oldest first. */
  recent(): readonly Recent[]
  /** How quick a profile's last answers were. */
  speed(profile: string): Speed
  /** In Prometheus' text format 0.0.4; a second old at most. */
  metrics(): Promise<string>
  /** The gateway's own. */
  readonly log: ReadableLog
  /** Writes out what is waiting: request history and log lines. */
  close(): void
}

export interface TelemetryParts {
  readonly requests: Pick<Store['requests'], 'add' | 'prune'>
  readonly settings: Pick<Settings, 'log' | 'history'>
  /** Where log lines go; standard output where absent. */
  readonly destination?: Destination
  /** The names of all profiles that there are; not asked before somebody asks for metrics. */
  readonly profiles: () => readonly string[]
  /** ms since 1970. */
  readonly now: () => number
}

export function createTelemetry(parts: TelemetryParts): Telemetry {
  const { settings, now } = parts
  const log = createLog(settings.log, now, parts.destination)
  const metrics = createMetrics({ profiles: parts.profiles, now })
  const recent = createRecent(now)
  const speeds = new Speeds()
  const listeners = new Set<Listener>()

  const announce = (event: GatewayEvent): void => {
    attempt(log.write, event)
    attempt(metrics.count, event)
    attempt(recent.hear, event)
    if (event.type === 'request.ended') {
      history.add(event.record)
      speeds.add(event.record)
    }
    for (const listener of listeners) attempt(listener, event)
  }
  /** One listener's fault is nobody else's. */
  const attempt = (tell: Listener, event: GatewayEvent): void => {
    try {
      tell(event)
    } catch (error) {
      const detail = error instanceof Error ? error.stack : undefined
      log.write({ type: 'gateway.trouble', message: messageOf(error), ...(detail === undefined ? {} : { detail }) })
    }
  }
  const history = createHistory({ requests: parts.requests, keepMs: settings.history.keep, now, announce, later })

  return {
    announce,
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    recent: recent.list,
    speed: (profile) => speeds.of(profile),
    metrics: () => metrics.print(),
    log,
    close() {
      history.close()
      log.flush()
    },
  }
}

function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms).unref()
  return () => clearTimeout(timer)
}
