/** A supervisor in memory whose starts and stops are resolved by hand. It keeps the promises of the real one: one start at a time per
 *  profile, and asked for while it stops, a server starts again after the exit. */
import { launchFingerprint } from '../../../src/catalog/catalog.ts'
import type { Served } from '../../../src/catalog/catalog.ts'
import type {
  Progress,
  ReadyServer,
  ServerSnapshot,
  ServerState,
  StopReason,
  Supervisor,
  SupervisorEvent,
} from '../../../src/supervisor/supervisor.ts'

type Phase =
  | { kind: 'starting'; served: Served; asked: PromiseWithResolvers<ReadyServer>[] }
  | { kind: 'ready'; server: ReadyServer }
  | { kind: 'stopping'; stopped: PromiseWithResolvers<void>[]; next: Phase | undefined; reason: StopReason }

const dialect: ReadyServer['dialect'] = {
  fields: 'openai',
  upstreamModel: ({ profile }) => profile.name,
  readinessRequest: () => ({ path: '/v1/completions', body: {} }),
  finalHealth: undefined,
  prefillComments: false,
  logprobsNeedWholeAnswer: false,
}

export class HandSupervisor implements Pick<Supervisor, 'ensureReady' | 'stop' | 'condemn' | 'suspect' | 'servers'> {
  /** Every start, stop and condemnation, in order: `start a`, `stop a idle`, `condemn a`. */
  readonly calls: string[] = []
  readonly failed: { served: Served; state: Extract<ServerState, { kind: 'failed' }> }[] = []
  announce: (event: SupervisorEvent) => void = () => {}
  readonly #phases = new Map<string, Phase>()
  #pid = 100

  ensureReady(served: Served, signal: AbortSignal): Promise<ReadyServer> {
    const asked = Promise.withResolvers<ReadyServer>()
    signal.addEventListener('abort', () => asked.reject(signal.reason))
    const { name } = served.profile
    const phase = this.#phases.get(name)
    if (phase?.kind === 'ready') asked.resolve(phase.server)
    else if (phase?.kind === 'starting') {
      this.calls.push(`ask again ${name}`)
      phase.asked.push(asked)
    } else if (phase?.kind === 'stopping') phase.next = { kind: 'starting', served, asked: [asked] }
    else this.#start({ kind: 'starting', served, asked: [asked] })
    return asked.promise
  }

  #start(phase: Extract<Phase, { kind: 'starting' }>): void {
    const profile = phase.served.profile.name
    this.calls.push(`start ${profile}`)
    this.#phases.set(profile, phase)
    this.announce({ type: 'server.starting', profile })
  }

  stop(profile: string, reason: StopReason): Promise<void> {
    this.calls.push(`stop ${profile} ${reason}`)
    return this.#leave(profile, reason)
  }

  condemn(profile: string): Promise<void> {
    this.calls.push(`condemn ${profile}`)
    return this.#leave(profile, 'wedged')
  }

  suspect(profile: string): Promise<void> {
    this.calls.push(`suspect ${profile}`)
    return Promise.resolve()
  }

  #leave(profile: string, reason: StopReason): Promise<void> {
    const phase = this.#phases.get(profile)
    const stopped = Promise.withResolvers<void>()
    if (phase === undefined) stopped.resolve()
    else if (phase.kind === 'stopping') phase.stopped.push(stopped)
    else {
      this.#phases.set(profile, { kind: 'stopping', stopped: [stopped], next: undefined, reason })
      if (phase.kind === 'starting') for (const { reject } of phase.asked) reject(new Error('stopped while starting'))
      this.announce({ type: 'server.stopping', profile, reason })
    }
    return stopped.promise
  }

  servers(): readonly ServerSnapshot[] {
    return this.failed.map(({ served, state }) => ({
      profile: served.profile.name,
      engine: 'command',
      version: undefined,
      model: undefined,
      paths: [],
      state,
      memoryBytes: undefined,
      fingerprint: launchFingerprint(served),
    }))
  }

  // what the hand does

  ready(profile: string, loadMs = 0): void {
    const phase = this.#in(profile, 'starting')
    this.#pid += 1
    const { served } = phase
    const server: ReadyServer = { served, dialect, port: 5_000, pid: this.#pid, loadMs }
    this.#phases.set(profile, { kind: 'ready', server })
    this.announce({ type: 'server.ready', profile, pid: this.#pid, loadMs })
    for (const { resolve } of phase.asked) resolve(server)
  }

  startFails(profile: string, reason: Error): void {
    const { asked } = this.#in(profile, 'starting')
    this.#failed(profile)
    for (const { reject } of asked) reject(reason)
  }

  crash(profile: string): void {
    this.#in(profile, 'ready')
    this.#failed(profile)
  }

  #failed(profile: string): void {
    this.#phases.delete(profile)
    const diagnosis = { kind: 'transient', reason: 'it broke' } as const
    this.announce({ type: 'server.failed', profile, diagnosis, lines: [], retryAt: 0 })
  }

  exited(profile: string): void {
    const { stopped, next, reason } = this.#in(profile, 'stopping')
    this.#phases.delete(profile)
    this.announce({ type: 'server.stopped', profile, reason, freedBytes: undefined, ms: 0 })
    for (const { resolve } of stopped) resolve()
    if (next?.kind === 'starting') this.#start(next)
  }

  stopFails(profile: string, reason: Error): void {
    const { stopped, next } = this.#in(profile, 'stopping')
    if (next !== undefined) throw new Error('nobody may ask for a server that is leaving')
    this.#phases.set(profile, { kind: 'stopping', stopped: [], next, reason: 'asked' })
    for (const { reject } of stopped) reject(reason)
  }

  progress(profile: string, progress: Progress): void {
    this.announce({ type: 'server.progress', profile, progress })
  }

  measured(profile: string, memoryBytes: number): void {
    this.announce({ type: 'server.measured', profile, memoryBytes })
  }

  /** Of its ready server. */
  pidOf(profile: string): number | undefined {
    const phase = this.#phases.get(profile)
    return phase?.kind === 'ready' ? phase.server.pid : undefined
  }

  /** Profiles that hold memory, by phase. */
  holding(kind?: Phase['kind']): readonly string[] {
    return [...this.#phases]
      .filter(([, phase]) => kind === undefined || phase.kind === kind)
      .map(([profile]) => profile)
  }

  #in<Kind extends Phase['kind']>(profile: string, kind: Kind): Extract<Phase, { kind: Kind }> {
    const phase = this.#phases.get(profile)
    if (!isIn(phase, kind)) throw new Error(`${profile} is ${phase?.kind ?? 'stopped'}, not ${kind}`)
    return phase
  }
}

function isIn<Kind extends Phase['kind']>(
  phase: Phase | undefined,
  kind: Kind,
): phase is Extract<Phase, { kind: Kind }> {
  return phase?.kind === kind
}
