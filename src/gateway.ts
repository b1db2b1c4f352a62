/** Builds the house from the ground up, and takes it down from the roof. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createAccess, isLoopback, mayListen, newSecret, proofOf, readOrCreateAdminToken } from './access/access.ts'
import type { Access } from './access/access.ts'
import { createApi, errorBody, troubleOf, writeError } from './api/api.ts'
import type { Api } from './api/api.ts'
import {
  createCatalog,
  fitOf,
  isWeights,
  readModelFolder,
  remoteFacts,
  reservation,
  STARTER,
} from './catalog/catalog.ts'
import type { Catalog } from './catalog/catalog.ts'
import { createSettingsBook } from './config/config.ts'
import type { Config, Settings } from './config/config.ts'
import { createBring, createDownloads } from './downloads/downloads.ts'
import type { Downloads } from './downloads/downloads.ts'
import { createEngines } from './engines/engines.ts'
import { budgetOf } from './gateway/budget.ts'
import { preload } from './gateway/preload.ts'
import { closeInOrder } from './gateway/take-down.ts'
import { collectAll, createHost, createIdleCollector } from './host/host.ts'
import { keepPins } from './gateway/keep-pins.ts'
import { urlOf } from './gateway/url.ts'
import { createHub } from './hub/hub.ts'
import { createProxy } from './proxy/proxy.ts'
import type { Proxy } from './proxy/proxy.ts'
import { createRouter } from './router/router.ts'
import type { Router } from './router/router.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import type { Scheduler } from './scheduler/scheduler.ts'
import { lockDataDirectory, openStore, replaceDurably, writeNote } from './store/store.ts'
import { createSupervisor } from './supervisor/supervisor.ts'
import { createTelemetry } from './telemetry/telemetry.ts'
import type { GatewayEvent, Telemetry } from './telemetry/telemetry.ts'

export interface GatewayOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** Where log lines go; standard output where absent. */
  readonly destination?: { write(line: string): void }
  /** Where the built admin page lies; default: where `npm run build` puts it. */
  readonly pageDirectory?: string
  /** That opens the house for itself, as it was typed: whoever else wants the data directory meanwhile is told. */
  readonly command?: string
}

/** The same of the source, which lies beside `dist`, and of what was compiled into it. */
const builtPage = join(import.meta.dirname, '../dist/admin-ui')

/** The house without a front door. */
export interface OpenGateway extends AsyncDisposable {
  /** Asks the admin API from within, with the admin token. */
  adminFetch(request: Request): Promise<Response>
  /** Answers under way may end within `server.drain`; a second call gives them no more time. */
  close(): Promise<void>
}

export interface Gateway extends OpenGateway {
  readonly host: string
  readonly port: number
  /** Where this machine reaches it: `http://127.0.0.1:8090`. */
  readonly url: string
  /** For a link that signs somebody in to the admin page, once. */
  makeCode(): string
}

/** Builds the house and opens its front door. Throws GatewayError `data_dir_locked`, `store_unusable`, `invalid_config` (others could
 *  reach it and there is no key) or `conflict` (the port is taken); then nothing is left behind. */
export async function startGateway(config: Config, options: GatewayOptions): Promise<Gateway> {
  const house = await build(config, options)
  try {
    const { settings, dataDirectory } = config
    mayListen(
      settings.server.host,
      house.access.list().some(({ revokedAt }) => revokedAt === null),
    )
    const { address: host, port } = await house.api.listen()
    const url = urlOf(settings.server.host, port)
    const note = join(dataDirectory, 'gateway.json')
    writeNote(note, JSON.stringify({ pid: process.pid, url, secret: house.secret }))
    house.stack.defer(() => rmSync(note, { force: true }))
    house.announce({
      type: 'gateway.started',
      url,
      pid: process.pid,
      budgetBytes: house.scheduler.snapshot().budgetBytes,
    })
    house.downloads.start()
    preload(house)
    return { ...doorsOf(house), host, port, url, makeCode: () => house.access.makeCode().code }
  } catch (thrown) {
    await house.stack.disposeAsync()
    throw thrown
  }
}

/** Builds the house for commands that run while no gateway does; its log, warnings alone, goes to standard error.
 *  Throws GatewayError `data_dir_locked` or `store_unusable`. */
export async function openGateway(config: Config, options: GatewayOptions): Promise<OpenGateway> {
  const settings: Settings = { ...config.settings, log: { ...config.settings.log, level: 'warn' } }
  return doorsOf(await build({ ...config, settings }, { destination: process.stderr, ...options }))
}

interface Building {
  readonly stack: AsyncDisposableStack
  readonly closing: AbortController
  readonly adminToken: string
  /** By which it proves who it is. */
  readonly secret: string
  readonly access: Access
  readonly catalog: Catalog
  readonly downloads: Downloads
  readonly router: Router
  readonly scheduler: Scheduler
  readonly proxy: Proxy
  readonly api: Api
  readonly announce: Telemetry['announce']
}

async function build(config: Config, options: GatewayOptions): Promise<Building> {
  await using stack = new AsyncDisposableStack()
  const { dataDirectory } = config
  const { environment, platform, pageDirectory = builtPage } = options
  const [now, wallClock] = [() => performance.now(), () => Date.now()]

  const lock = lockDataDirectory(dataDirectory, options.command)
  stack.defer(() => lock.release())
  const store = openStore(dataDirectory)
  stack.defer(() => store.close())
  const book = createSettingsBook({
    config,
    write: replaceDurably,
    changed(path) {
      announce({ type: 'setting.changed', path })
      if (path === 'memory.budget') announce({ type: 'budget.changed', budgetBytes: budgetBytes() })
      scheduler.reconsider()
      downloads.reconsider()
    },
  })
  const settings = book.live
  const telemetry = createTelemetry({
    ...options,
    requests: store.requests,
    settings,
    profiles: () => router.list().map(({ id }) => id),
    now: wallClock,
  })
  stack.defer(() => telemetry.close())
  const { announce } = telemetry
  const idle = stack.use(createIdleCollector({ collect: collectAll, quietMs: 3_000, now }))
  telemetry.listen((event) => {
    if (event.type === 'request.started') idle.started(event.id)
    if (event.type === 'request.ended') idle.ended(event.record.id)
  })

  const host = createHost(platform)
  const machine = await host.memory()
  const budgetBytes = (): number => budgetOf(settings.memory, machine, platform)
  const adminToken = readOrCreateAdminToken(dataDirectory)
  const loopback = isLoopback(settings.server.host)
  const access = createAccess({
    keys: store.keys,
    sessions: store.sessions,
    settings: settings.auth,
    adminToken,
    now: wallClock,
    later(run, ms) {
      const timer = setTimeout(run, ms).unref()
      return () => clearTimeout(timer)
    },
    loopback,
  })
  const places = config.modelPlaces
  const catalog = createCatalog({
    places,
    dataDirectory,
    settings,
    store,
    fileProfiles: settings.profiles,
    announce,
    now: wallClock,
  })
  stack.defer(() => catalog.close())
  const engines = createEngines({
    settings,
    dataDirectory,
    environment,
    platform,
    announce,
    async readModel(path) {
      const model = await readModelFolder(path, { id: STARTER.id, source: 'starter' })
      // asked for only where the catalog did not know it: it was fetched since the last look
      await catalog.refresh()
      return model
    },
  })
  const router = createRouter({ catalog, now })
  const hub = createHub({
    access: config.hub,
    models: catalog.models,
    isWeights,
    factsOf: remoteFacts,
    fitOf: (facts) => fitOf(facts, { ...roomOf(scheduler), concurrency: settings.scheduling.concurrency }),
  })
  stack.defer(() => hub.close())
  const downloads = createDownloads({
    hub,
    store: store.downloads,
    mark: createHash('sha256').update(dataDirectory).digest('hex').slice(0, 8),
    cache: places.find(({ kind }) => kind === 'huggingface')?.path,
    settings: settings.downloads,
    arrived: catalog.refresh,
    freeBytes: host.freeBytes,
    announce,
    now: wallClock,
  })
  stack.defer(() => downloads.close())

  const supervisor = createSupervisor({
    engines,
    host,
    store: store.children,
    settings: settings.supervision,
    dataDirectory,
    environment,
    platform,
    announce(event) {
      announce(event)
      scheduler.onServerEvent(event)
    },
    now: wallClock,
    random: Math.random,
  })
  stack.defer(() => supervisor.close())
  const scheduler = createScheduler({
    supervisor,
    reservation: (served) => reservation(served, settings.memory.default),
    budgetBytes,
    settings: settings.scheduling,
    pins: store.pins,
    announce,
    now,
    wallClock,
    timers: { set: (run, ms) => setTimeout(run, ms) },
  })
  keepPins({ telemetry, catalog, scheduler })
  const proxy = createProxy({
    router,
    scheduler,
    engines,
    settings,
    bring: createBring({
      catalog,
      owners: () => (config.hub.offline ? [] : settings.models.autoPull),
      fetch: downloads.fetch,
    }),
    errors: errorsOf(announce),
    announce,
    now,
    wallClock,
  })

  const closing = new AbortController()
  const secret = newSecret()
  const prove = (challenge: string) => proofOf(secret, challenge)
  const rooms = { config, access, catalog, hub, downloads, engines, router, supervisor, scheduler, proxy, telemetry }
  const api = createApi({
    ...rooms,
    settings: book,
    pageDirectory,
    host,
    requests: store.requests,
    prove,
    announce,
    closing: closing.signal,
  })
  closeInOrder({ stack, closing, api, scheduler, proxy, drainMs: settings.server.drain })

  await Promise.all([supervisor.reap(), catalog.refresh()])
  return { ...rooms, stack: stack.move(), closing, adminToken, secret, api, announce }
}

/** What the servers have of the budget. */
function roomOf(scheduler: Scheduler): { readonly budgetBytes: number; readonly reservedBytes: number } {
  const { budgetBytes, profiles } = scheduler.snapshot()
  return { budgetBytes, reservedBytes: profiles.reduce((sum, { reservedBytes }) => sum + reservedBytes, 0) }
}

function doorsOf({ stack, api, proxy, adminToken, announce }: Building): OpenGateway {
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    if (closed === undefined) {
      announce({ type: 'gateway.stopping', now: false })
      closed = stack.disposeAsync()
    } else {
      announce({ type: 'gateway.stopping', now: true })
      void proxy.close()
    }
    return closed
  }
  return {
    adminFetch(request) {
      const headers = new Headers(request.headers)
      headers.set('authorization', `Bearer ${adminToken}`)
      return api.fetch(new Request(request, { headers }))
    },
    close,
    [Symbol.asyncDispose]: () => (closed ??= stack.disposeAsync()),
  }
}

function errorsOf(announce: (event: GatewayEvent) => void) {
  return {
    body: errorBody,
    write: writeError,
    notice(...error: Parameters<typeof troubleOf>): void {
      const trouble = troubleOf(...error)
      if (trouble !== undefined) announce(trouble)
    },
  }
}
