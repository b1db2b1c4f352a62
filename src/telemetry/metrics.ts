/** Prometheus metrics, in base units. Labels name profiles that exist, never what a request asked for. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RequestRow } from '../store/store.ts'
import type { ServerState } from '../supervisor/supervisor.ts'
import type { GatewayEvent } from './event.ts'

export interface Metrics {
  count(event: GatewayEvent): void
  /** In the text format 0.0.4; a second old at most. */
  print(): Promise<string>
}

export interface MetricsParts {
  /** The names of all profiles that there are. */
  readonly profiles: () => readonly string[]
  /** Ms. */
  readonly now: () => number
}

const prefix = 'mlx_gateway_'
const answerSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
const loadSeconds = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600]
const stateKinds: readonly ServerState['kind'][] = ['stopped', 'starting', 'ready', 'stopping', 'failed']
/** Printing takes milliseconds in which no request moves, so that who asks in floods gets what was printed for the first. */
const freshMs = 1_000
/** Gauges whose names end like a counter's, which promtool's lint refuses. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

export function createMetrics({ profiles, now }: MetricsParts): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  const families = createFamilies(registry)
  const meters = new Map<string, ProfileMeters>()
  const of = (profile: string): ProfileMeters => {
    const known = meters.get(profile)
    if (known !== undefined) return known
    const fresh = bindProfile(families, profile)
    meters.set(profile, fresh)
    return fresh
  }
  /** A profile that was removed keeps its series until its server has stopped. '' stands for requests that led nowhere. */
  const forgetRemoved = (): void => {
    const known = new Set(['', ...profiles()])
    for (const [profile, itsMeters] of meters) {
      if (known.has(profile) || itsMeters.inUse()) continue
      itsMeters.remove()
      meters.delete(profile)
    }
  }
  const render = (): Promise<string> => {
    forgetRemoved()
    for (const profile of meters.values()) profile.settle()
    return registry.metrics()
  }
  let printed: { readonly at: number; readonly text: Promise<string> } | undefined
  return {
    count: (event) => count(event, of, families),
    print() {
      if (printed === undefined || Math.abs(now() - printed.at) >= freshMs) {
        const fresh = { at: now(), text: render() }
        printed = fresh
        fresh.text.catch(() => {
          if (printed === fresh) printed = undefined
        })
      }
      return printed.text
    },
  }
}

function count(event: GatewayEvent, of: (profile: string) => ProfileMeters, families: Families): void {
  switch (event.type) {
    case 'gateway.started':
    case 'budget.changed':
      return families.budget.set(event.budgetBytes)
    case 'queue.changed':
      return of(event.profile).queued(event.waiting, event.active)
    case 'request.first_token':
      return of(event.profile).firstToken.observe(event.ms / 1000)
    case 'request.ended':
      return of(event.record.profile ?? '').ended(event.record)
    case 'server.starting':
      return of(event.profile).became('starting')
    case 'server.ready':
      of(event.profile).load.observe(event.loadMs / 1000)
      return of(event.profile).became('ready')
    case 'server.stopping':
      return of(event.profile).became('stopping')
    case 'server.stopped':
      of(event.profile).memory.set(0)
      return of(event.profile).became('stopped')
    case 'server.failed':
      of(event.profile).memory.set(0)
      return of(event.profile).became('failed')
    case 'server.measured':
      return of(event.profile).memory.set(event.memoryBytes)
    case 'profile.evicted':
      return of(event.profile).evictions.inc()
    default:
  }
}

type Families = ReturnType<typeof createFamilies>
type ProfileMeters = ReturnType<typeof bindProfile>

function createFamilies(registry: Registry) {
  const registers = [registry]
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Counter({ name: prefix + name, help, labelNames, registers })
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name: prefix + name, help, labelNames, registers })
  const seconds = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: prefix + name, help, labelNames: ['profile'], buckets, registers })
  return {
    requests: counter('requests_total', 'Requests that have ended.', 'profile', 'endpoint', 'status'),
    tokens: counter(
      'tokens_total',
      'Tokens read (prompt), found in a cache (cached) and written (completion).',
      'profile',
      'kind',
    ),
    loads: counter('loads_total', 'Servers that have become ready or have failed to.', 'profile', 'outcome'),
    evictions: counter('evictions_total', 'Idle servers stopped to make room for another.', 'profile'),
    waiting: gauge('queue_waiting', 'Requests that wait for a place.', 'profile'),
    active: gauge('active', 'Requests that have a place on a server.', 'profile'),
    state: gauge('server_state', '1 for the state that the server is in.', 'profile', 'state'),
    memory: gauge('server_memory_bytes', 'What the server holds, as last measured.', 'profile'),
    budget: gauge('memory_budget_bytes', 'What all servers together may hold.'),
    firstToken: seconds('time_to_first_token_seconds', 'From arrival to the first token.', answerSeconds),
    duration: seconds('request_duration_seconds', 'From arrival to the end of the answer.', answerSeconds),
    queue: seconds('queue_seconds', 'Waited for a place, without loading.', answerSeconds),
    load: seconds('load_seconds', 'From the start of a server until it was ready.', loadSeconds),
  }
}

interface Family<Series> {
  labels(...values: string[]): Series
  remove(...values: string[]): void
}

/** Binds every label once, and only adds up what requests do: the library hashes labels at each count, so it hears of them when asked. */
function bindProfile(families: Families, profile: string) {
  const removals: (() => void)[] = []
  const bind = <Series>(family: Family<Series>, ...more: string[]): Series => {
    removals.push(() => family.remove(profile, ...more))
    return family.labels(profile, ...more)
  }
  const state = new Map(stateKinds.map((kind) => [kind, bind(families.state, kind)]))
  const loads = { ready: bind(families.loads, 'ready'), failed: bind(families.loads, 'failed') }
  const tokens = {
    prompt: bind(families.tokens, 'prompt'),
    cached: bind(families.tokens, 'cached'),
    completion: bind(families.tokens, 'completion'),
  }
  const waiting = bind(families.waiting)
  const active = bind(families.active)
  const requests = new Map<string, { readonly counter: Counter.Internal; more: number }>()
  const more = { prompt: 0, cached: 0, completion: 0 }
  const now = { waiting: 0, active: 0 }
  const duration = bind(families.duration)
  const queue = bind(families.queue)
  let current: ServerState['kind'] = 'stopped'
  return {
    memory: bind(families.memory),
    evictions: bind(families.evictions),
    firstToken: bind(families.firstToken),
    load: bind(families.load),
    became(kind: ServerState['kind']): void {
      if (current === 'starting' && (kind === 'ready' || kind === 'failed')) loads[kind].inc()
      current = kind
      for (const [other, child] of state) child.set(other === kind ? 1 : 0)
    },
    queued(waiting: number, active: number): void {
      now.waiting = waiting
      now.active = active
    },
    ended(record: RequestRow): void {
      const key = `${record.endpoint} ${record.status}`
      const known = requests.get(key)
      if (known !== undefined) known.more += 1
      else
        requests.set(key, {
          counter: bind(families.requests, record.endpoint, String(record.status)),
          more: 1,
        })
      queue.observe(record.queueMs / 1000)
      duration.observe((record.queueMs + record.loadMs + record.prefillMs + record.decodeMs) / 1000)
      more.prompt += record.promptTokens ?? 0
      more.cached += record.cachedTokens ?? 0
      more.completion += record.completionTokens ?? 0
    },
    /** Whether there is still something to tell of it. */
    inUse: () => !(current === 'stopped' || current === 'failed') || now.waiting > 0 || now.active > 0,
    remove(): void {
      for (const removal of removals) removal()
    },
    /** Tells the library what has come since it was last told. */
    settle(): void {
      waiting.set(now.waiting)
      active.set(now.active)
      for (const kind of ['prompt', 'cached', 'completion'] as const) {
        tokens[kind].inc(more[kind])
        more[kind] = 0
      }
      for (const ended of requests.values()) {
        ended.counter.inc(ended.more)
        ended.more = 0
      }
    },
  }
}
