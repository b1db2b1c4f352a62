/** What `/events` sends: a snapshot first, then events. For the page and the command line, as types. */
import type { GatewayEvent } from '../../telemetry/telemetry.ts'
import type { DownloadView } from './downloads.ts'
import type { LiveRequest, RequestView } from './request-view.ts'
import type { ServersView, ServerView } from './server-view.ts'

/** The machine's memory, in bytes. */
export interface Memory {
  readonly totalBytes: number
  /** What all servers together may hold. */
  readonly budgetBytes: number
  /** What a new process could have; null where the system does not tell. */
  readonly availableBytes: number | null
  /** What other programs hold; null where that cannot be told. */
  readonly otherBytes: number | null
  /** Ms since 1970. */
  readonly measuredAt: number
}

/** The event called `snapshot`: everything as it is, so that whoever lost the thread needs nothing else. */
export interface LiveSnapshot {
  /** Ms since 1970. */
  readonly at: number
  readonly servers: ServersView
  readonly memory: Memory
  readonly downloads: readonly DownloadView[]
  readonly requests: readonly LiveRequest[]
  /** The last events worth telling, oldest first. */
  readonly recent: readonly { readonly at: number; readonly event: TellableEvent }[]
}

/** The house's own events as they are told: stacks are for the log, downloads and requests look as they do behind their doors. */
export type TellableEvent =
  | Exclude<GatewayEvent, { type: 'download.changed' | 'download.progress' | 'gateway.trouble' | 'request.ended' }>
  | { readonly type: 'download.changed'; readonly download: DownloadView }
  | { readonly type: 'download.progress'; readonly download: DownloadView }
  | Omit<Extract<GatewayEvent, { type: 'gateway.trouble' }>, 'detail'>
  | { readonly type: 'request.ended'; readonly record: RequestView }

/** What only those hear who watch. */
export type WatchedEvent =
  /** Anything of it has changed; at most four times a second. */
  | { readonly type: 'server.changed'; readonly server: ServerView }
  | { readonly type: 'server.gone'; readonly profile: string }
  | { readonly type: 'memory.measured'; readonly memory: Memory }
  /** It is new, its phase is another, or it has said more; counts come at most twice a second. */
  | { readonly type: 'request.changed'; readonly request: LiveRequest }

/** An event without a name; `at` in ms since 1970. */
export type LiveEvent = { readonly at: number } & (TellableEvent | WatchedEvent)
