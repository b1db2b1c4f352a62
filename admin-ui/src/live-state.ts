/** What the event stream says, put together: pure, so that a batch of events makes one new state. */
import type {
  DownloadView,
  LiveEvent,
  LiveRequest,
  LiveSnapshot,
  Memory,
  ServerView,
} from '../../src/api/admin/admin.ts'
import { isWorthTelling } from './parts/happening.ts'

export type Connection = 'connecting' | 'live' | 'reconnecting'
export type EndedRequest = Extract<LiveEvent, { type: 'request.ended' }>['record']
export interface Happening {
  readonly at: number
  readonly event: LiveSnapshot['recent'][number]['event'] | LiveEvent
}

export interface LiveState {
  readonly connection: Connection
  /** Grows with each snapshot: what was asked for before may be out of date. */
  readonly epoch: number
  /** What to add to this device's clock to have the gateway's, ms. */
  readonly clockOffset: number
  readonly budgetBytes: number
  readonly reservedBytes: number
  readonly servers: ReadonlyMap<string, ServerView>
  readonly memory: Memory | undefined
  readonly downloads: ReadonlyMap<number, DownloadView>
  readonly requests: ReadonlyMap<string, LiveRequest>
  /** Newest last, those that ended while the page was open. */
  readonly ended: readonly EndedRequest[]
  /** Newest last. */
  readonly recent: readonly Happening[]
}

export const nothingYet: LiveState = {
  connection: 'connecting',
  epoch: 0,
  clockOffset: 0,
  budgetBytes: 0,
  reservedBytes: 0,
  servers: new Map(),
  memory: undefined,
  downloads: new Map(),
  requests: new Map(),
  ended: [],
  recent: [],
}

const mostEnded = 2_000
const mostRecent = 50

export function begin(state: LiveState, snapshot: LiveSnapshot, now: number): LiveState {
  const { at, servers, memory, downloads, requests, recent } = snapshot
  return {
    connection: 'live',
    epoch: state.epoch + 1,
    clockOffset: at - now,
    budgetBytes: servers.budgetBytes,
    reservedBytes: servers.reservedBytes,
    servers: new Map(servers.servers.map((server) => [server.profile, server])),
    memory,
    downloads: new Map(downloads.map((download) => [download.id, download])),
    requests: new Map(requests.map((request) => [request.id, request])),
    ended: state.ended,
    recent,
  }
}

/** The state after a batch of events. Collections that no event touched stay the same object. */
export function apply(state: LiveState, events: readonly LiveEvent[]): LiveState {
  const servers = new Map(state.servers)
  const downloads = new Map(state.downloads)
  const requests = new Map(state.requests)
  const ended: EndedRequest[] = []
  const recent: Happening[] = []
  let { memory } = state
  const touched = new Set<'servers' | 'downloads' | 'requests'>()
  for (const event of events) {
    if (isWorthTelling(event)) recent.push({ at: event.at, event })
    switch (event.type) {
      case 'server.changed':
        servers.set(event.server.profile, event.server)
        touched.add('servers')
        break
      case 'server.gone':
        servers.delete(event.profile)
        touched.add('servers')
        break
      case 'memory.measured':
        memory = event.memory
        break
      case 'download.changed':
      case 'download.progress':
        downloads.set(event.download.id, withFiles(downloads.get(event.download.id), event.download))
        touched.add('downloads')
        break
      case 'download.removed':
        downloads.delete(event.id)
        touched.add('downloads')
        break
      case 'request.changed':
        requests.set(event.request.id, event.request)
        touched.add('requests')
        break
      case 'request.ended':
        requests.delete(event.record.id)
        ended.push(event.record)
        touched.add('requests')
        break
      default:
        break
    }
  }
  return {
    ...state,
    ...(touched.has('servers') ? { servers, reservedBytes: total(servers) } : {}),
    ...(touched.has('downloads') ? { downloads } : {}),
    ...(touched.has('requests') ? { requests } : {}),
    memory,
    budgetBytes: memory?.budgetBytes ?? state.budgetBytes,
    ended: ended.length === 0 ? state.ended : [...state.ended, ...ended].slice(-mostEnded),
    recent: recent.length === 0 ? state.recent : [...state.recent, ...recent].slice(-mostRecent),
  }
}

/** Events tell only of some of its files: the others are as they were known, or there when all is. */
function withFiles(known: DownloadView | undefined, news: DownloadView): DownloadView {
  const files = new Map([...(known?.files ?? []), ...news.files].map((file) => [file.path, file]))
  const isThere = news.state === 'complete'
  return {
    ...news,
    files: [...files.values()].map((file) => (isThere ? { ...file, bytes: file.totalBytes } : file)),
  }
}

function total(servers: ReadonlyMap<string, ServerView>): number {
  return [...servers.values()].reduce((sum, { reservedBytes }) => sum + reservedBytes, 0)
}
