/** The one server of a profile. The only writer of its life: every event goes through `#dispatch`, every effect is carried out here. */
import { launchFingerprint, type Served } from '../catalog/catalog.ts'
import type { Dialect, Engine } from '../engines/engines.ts'
import { eventsOf } from './event.ts'
import { failureOf } from './failure.ts'
import { type Effect, type LifeEvent, newLife, type ServerState, step, type StopReason } from './lifecycle.ts'
import { refusalOf } from './refusal.ts'
import { Run, type RunParts } from './run.ts'

/** A server that has answered its readiness request. */
export interface ReadyServer {
  readonly served: Served
  readonly dialect: Dialect
  readonly port: number
  readonly pid: number
  /** How long its start took, in milliseconds. */
  readonly loadMs: number
}

export interface ServerSnapshot {
  readonly profile: string
  readonly engine: string
  readonly version: string | undefined
  readonly model: string | undefined
  /** Real paths of what it loads: its model, its draft model, its adapter. */
  readonly paths: readonly string[]
  readonly state: ServerState
  /** What its process group holds, in bytes, as last measured. */
  readonly memoryBytes: number | undefined
  /** `launchFingerprint` of what it was started with. */
  readonly fingerprint: string
}

export interface ModelServerParts extends Omit<RunParts, 'engine' | 'served' | 'report'> {
  engine(name: Engine['name']): Engine
}

interface Waiter {
  admit(server: ReadyServer): void
  refuse(error: unknown): void
}

export class ModelServer {
  readonly profile: string
  readonly #parts: ModelServerParts
  readonly #waiters = new Set<Waiter>()
  #life = newLife
  #served: Served
  #run: Run | undefined
  #wake: NodeJS.Timeout | undefined

  constructor(parts: ModelServerParts, served: Served) {
    this.#parts = parts
    this.#served = served
    this.profile = served.profile.name
  }

  /** See `Supervisor.ensureReady`. */
  async ensureReady(served: Served, signal: AbortSignal): Promise<ReadyServer> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<ReadyServer>()
    const waiter: Waiter = { admit: resolve, refuse: reject }
    const leave = () => {
      this.#waiters.delete(waiter)
      reject(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    this.#waiters.add(waiter)
    this.#served = served
    this.#dispatch({ kind: 'asked', fingerprint: launchFingerprint(served) })
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  /** Resolves when the process group is gone. */
  async stop(reason: StopReason): Promise<void> {
    const run = this.#run
    this.#dispatch({ kind: 'stop', reason })
    await run?.over
  }

  /** Resolves when the process group is gone. */
  async condemn(reason: string): Promise<void> {
    const run = this.#run
    this.#dispatch({ kind: 'condemned', failure: failureOf({ kind: 'transient', reason }, run?.lines ?? []) })
    await run?.over
  }

  /** Resolves when the server was looked at; see `Supervisor.suspect`. */
  async suspect(reason: string): Promise<void> {
    if (this.#life.state.kind === 'ready') await this.#run?.examine(reason)
  }

  /** See `Supervisor.measure`. */
  async measure(): Promise<void> {
    await this.#run?.measure()
  }

  reset(): void {
    this.#dispatch({ kind: 'reset' })
  }

  snapshot(): ServerSnapshot {
    const { model, draft, profile } = this.#run?.served ?? this.#served
    const { state, fingerprint } = this.#life
    return {
      profile: this.profile,
      engine: profile.engine,
      version: this.#run?.version,
      model: model?.id,
      paths: [model?.path, draft?.path, profile.adapter].filter((path) => path !== undefined),
      state,
      memoryBytes: state.kind === 'stopped' || state.kind === 'failed' ? undefined : this.#run?.memoryBytes,
      fingerprint: fingerprint ?? launchFingerprint(this.#served),
    }
  }

  /** Effects come before the news of them: who hears of a change may ask for the next one at once. */
  #dispatch(event: LifeEvent): void {
    const { now, settings, announce } = this.#parts
    const before = this.#life.state
    const facts = { heldBytes: this.#run?.memoryBytes, now: now() }
    const { life, effects } = step(this.#life, event, facts.now, settings)
    this.#life = life
    for (const effect of effects) this.#carryOut(effect)
    for (const news of eventsOf(this.profile, before, life.state, facts)) announce(news)
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'start':
        return this.#start()
      case 'end':
        return this.#run?.end(effect.how)
      case 'admit':
        return this.#answer((waiter) => this.#admit(waiter))
      case 'refuse': {
        const error = refusalOf(this.profile, effect.refusal, this.#parts.now())
        return this.#answer((waiter) => waiter.refuse(error))
      }
      case 'wake':
        return this.#wakeAt(effect.at)
    }
  }

  #start(): void {
    const served = this.#served
    const engine = this.#parts.engine(served.profile.engine)
    const before = this.#run?.over ?? Promise.resolve()
    const run: Run = new Run(
      {
        ...this.#parts,
        served,
        engine,
        // What is left of an earlier run has nothing to say about this one.
        report: (event) => this.#run === run && this.#dispatch(event),
      },
      before,
    )
    this.#run = run
  }

  #answer(answer: (waiter: Waiter) => void): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    waiters.forEach(answer)
  }

  #admit(waiter: Waiter): void {
    const { state } = this.#life
    if (state.kind !== 'ready') return
    const served = this.#run?.served ?? this.#served
    const { dialect } = this.#parts.engine(served.profile.engine)
    waiter.admit({ served, dialect, port: state.port, pid: state.pid, loadMs: state.loadMs })
  }

  #wakeAt(at: number): void {
    clearTimeout(this.#wake)
    const again = () => {
      if (this.#waiters.size > 0) this.#dispatch({ kind: 'asked', fingerprint: launchFingerprint(this.#served) })
    }
    this.#wake = setTimeout(again, Math.max(0, at - this.#parts.now())).unref()
  }
}
