/** Builds the house from the ground up, and takes it down from the roof. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createAccess, isLoopback, mayListen, newSecret, proofOf, readOrCreateAdminToken } from './access/access.ts'
import type { Access } from './access/access.ts'
import { createApi, errorBody, troubleOf, writeError } from './api/api.ts'
import type { Api } from './api/api.ts'
import { createCatalog, fitOf, readModelFolder, remoteFacts, reservation, STARTER } from './catalog/catalog.ts'
import type { Catalog } from './catalog/catalog.ts'
import type { Config, Settings } from './config/config.ts'
import { createBring, createDownloads } from './downloads/downloads.ts'
import type { Downloads } from './downloads/downloads.ts'
import { createEngines } from './engines/engines.ts'
import { GatewayError, messageOf } from './errors.ts'
import { collectAll, createHost, createIdleCollector, recommendedBudget } from './host/host.ts'
import type { Host } from './host/host.ts'
import { createHub } from './hub/hub.ts'
import { createProxy } from './proxy/proxy.ts'
import type { Proxy } from './proxy/proxy.ts'
import { createRouter } from './router/router.ts'
import type { Router } from './router/router.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import type { Scheduler } from './scheduler/scheduler.ts'
import { lockDataDirectory, openStore, writeNote } from './store/store.ts'
import { createSupervisor } from './supervisor/supervisor.ts'
import { createTelemetry } from './telemetry/telemetry.ts'
import type { GatewayEvent, Telemetry } from './telemetry/telemetry.ts'

export interface GatewayOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** Where log lines go; standard output where absent. */
  readonly destination?: { write(line: string): void }
}

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
    return { ...doorsOf(house), host, port, url }
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
  const { settings, dataDirectory } = config
  const { environment, platform } = options
  const [now, wallClock] = [() => performance.now(), () => Date.now()]

  const lock = lockDataDirectory(dataDirectory)
  stack.defer(() => lock.release())
  const store = openStore(dataDirectory)
  stack.defer(() => store.close())
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
  const budgetBytes = await budgetOf(settings, host, platform)
  const adminToken = readOrCreateAdminToken(dataDirectory)
  const loopback = isLoopback(settings.server.host)
  const access = createAccess({
    keys: store.keys,
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
    budgetBytes: () => budgetBytes,
    settings: settings.scheduling,
    announce,
    now,
    wallClock,
    timers: { set: (run, ms) => setTimeout(run, ms) },
  })
  const proxy = createProxy({
    router,
    scheduler,
    engines,
    settings,
    bring: createBring({ catalog, owners: config.hub.offline ? [] : settings.models.autoPull, fetch: downloads.fetch }),
    errors: errorsOf(announce),
    announce,
    now,
    wallClock,
  })

  const closing = new AbortController()
  const secret = newSecret()
  const prove = (challenge: string) => proofOf(secret, challenge)
  const rooms = { config, access, catalog, hub, downloads, engines, router, supervisor, scheduler, proxy, telemetry }
  const api = createApi({ ...rooms, host, requests: store.requests, prove, announce, closing: closing.signal })
  closeInOrder({ stack, closing, api, scheduler, proxy, drainMs: settings.server.drain })

  await Promise.all([supervisor.reap(), catalog.refresh()])
  return { ...rooms, stack: stack.move(), closing, adminToken, secret, api, announce }
}

type Closers = Pick<Building, 'stack' | 'closing' | 'api' | 'scheduler' | 'proxy'> & {
  readonly drainMs: number
}

/** What the servers have of the budget. */
function roomOf(scheduler: Scheduler): { readonly budgetBytes: number; readonly reservedBytes: number } {
  const { budgetBytes, profiles } = scheduler.snapshot()
  return { budgetBytes, reservedBytes: profiles.reduce((sum, { reservedBytes }) => sum + reservedBytes, 0) }
}

/** 1. Nobody new comes in, live views end. 2. Answers under way may end. 3. Those that have not are told so. 4. The last connections. */
function closeInOrder({ stack, closing, api, scheduler, proxy, drainMs }: Closers): void {
  let closed: Promise<void> | undefined
  stack.defer(async () => {
    const impatient = setTimeout(() => api.cut(), 1_000)
    await closed // 4
    clearTimeout(impatient)
  })
  stack.defer(() => proxy.close()) // 3
  stack.defer(() => scheduler.close(drainMs)) // 2
  stack.defer(() => {
    closed = api.close() // 1
    closing.abort(new GatewayError('shutting_down', 'The gateway is shutting down.', { retryAfterMs: 5000 }))
  })
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

function preload({ catalog, router, scheduler, closing, announce }: Building): void {
  for (const { name, preload } of catalog.profiles()) {
    if (!preload) continue
    router
      .resolve(name)
      .then((target) => scheduler.start(target, closing.signal))
      .catch((error: unknown) => {
        const message = `Profile "${name}" was not started with the gateway: ${messageOf(error)}`
        if (!closing.signal.aborted) announce({ type: 'gateway.trouble', message })
      })
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

async function budgetOf({ memory }: Settings, host: Host, platform: NodeJS.Platform): Promise<number> {
  const { budget } = memory
  if (budget !== undefined && 'bytes' in budget) return budget.bytes
  const machine = await host.memory()
  return budget === undefined ? recommendedBudget(machine, platform) : Math.floor(machine.totalBytes * budget.share)
}

function urlOf(host: string, port: number): string {
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }
  const reachable = everywhere[host] ?? host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
