/** Tells those who watch what happens. While nobody does, nothing is heard, measured or counted. */
import { messageOf } from '../../errors.ts'
import type { GatewayEvent } from '../../telemetry/telemetry.ts'
import { view as viewDownload } from '../admin/downloads.ts'
import type { LiveEvent, LiveSnapshot, TellableEvent, WatchedEvent } from '../admin/live-shapes.ts'
import { viewEnded } from '../admin/request-view.ts'
import { viewServers } from '../admin/server-view.ts'
import type { House } from '../door.ts'
import type { Feed } from '../feed.ts'
import { MemoryWatch } from './memory-watch.ts'
import { Paced } from './paced.ts'
import { RequestWatch } from './request-watch.ts'
import { ServerWatch } from './server-watch.ts'

type Rooms = Pick<
  House,
  'telemetry' | 'proxy' | 'scheduler' | 'supervisor' | 'router' | 'downloads' | 'host' | 'announce'
>

/** How often each server or request is told of at most, how often tokens are counted, and memory is measured, ms. */
const [changeMs, countMs, measureMs] = [250, 500, 2_000]

/** `now` in ms since 1970. */
export function createFeed(house: Rooms, now: () => number): Feed {
  const watchers = new Set<(event: LiveEvent) => void>()
  let watching: Disposable | undefined
  let isMeasuring = false
  let isTroubled = false

  const tell = (event: TellableEvent | WatchedEvent): void => {
    const told = { at: now(), ...event }
    for (const watcher of watchers) watcher(told)
  }
  const memory = new MemoryWatch(house.host, now, tell)
  const servers = new ServerWatch(() => viewServers(house), tell)
  const requests = new RequestWatch(house, tell)

  /** The servers first: what they have taken since would be taken for other programs'. */
  async function measure(): Promise<void> {
    if (isMeasuring) return
    isMeasuring = true
    try {
      await house.supervisor.measure()
      await memory.measure()
      isTroubled = false
    } catch (error) {
      // said once, not every two seconds
      if (!isTroubled)
        house.announce({ type: 'gateway.trouble', message: `Memory cannot be measured: ${messageOf(error)}` })
      isTroubled = true
    } finally {
      isMeasuring = false
    }
    if (watching !== undefined) memory.look(servers.look())
  }

  function watch(): Disposable {
    const stack = new DisposableStack()
    const serversDue = stack.use(new Paced(changeMs, () => servers.look()))
    const requestsDue = stack.use(new Paced(changeMs, () => requests.tellChanged()))
    stack.defer(
      house.telemetry.listen((event) => {
        tell(tellable(event))
        if (concernsServers(event)) serversDue.ask()
        if (event.type === 'budget.changed') memory.look(servers.look())
      }),
    )
    stack.defer(
      house.proxy.watch((id) => {
        requests.changed(id)
        requestsDue.ask()
      }),
    )
    const counting = setInterval(() => requests.tellCounts(), countMs).unref()
    stack.defer(() => clearInterval(counting))
    const measuring = setInterval(() => void measure(), measureMs).unref()
    stack.defer(() => clearInterval(measuring))
    return stack
  }

  return {
    async prepare() {
      void house.supervisor.measure()
      await memory.measure()
    },
    join(push, signal) {
      let id = 0
      watching ??= watch()
      const seen = servers.look()
      const measured = memory.look(seen)
      if (measured === undefined) throw new Error('nothing was prepared')
      const snapshot: LiveSnapshot = {
        at: now(),
        servers: seen,
        memory: measured,
        downloads: house.downloads.list().map(viewDownload),
        requests: requests.list(),
        recent: house.telemetry.recent().map(({ at, event }) => ({ at, event: tellable(event) })),
      }
      push({ id, event: 'snapshot', data: snapshot })
      const watcher = (event: LiveEvent): void => {
        id += 1
        push({ id, data: event })
      }
      watchers.add(watcher)
      signal.addEventListener(
        'abort',
        () => {
          watchers.delete(watcher)
          if (watchers.size > 0) return
          watching?.[Symbol.dispose]()
          watching = undefined
        },
        { once: true },
      )
    },
  }
}

/** Stacks are for the log; downloads and requests look as they do behind their doors. */
function tellable(event: GatewayEvent): TellableEvent {
  switch (event.type) {
    case 'download.changed':
    case 'download.progress':
      return { type: event.type, download: viewDownload(event.download) }
    case 'request.ended':
      return { type: event.type, record: viewEnded(event.record, event.keyName) }
    case 'gateway.trouble': {
      const { detail: _, ...told } = event
      return told
    }
    default:
      return event
  }
}

function concernsServers({ type }: GatewayEvent): boolean {
  return /^(server|profile|queue|catalog|budget|setting)\.|^request\.ended$/.test(type)
}
