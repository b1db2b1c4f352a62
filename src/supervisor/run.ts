/** One process of a model server, from its start to the end of its whole group. Reports what happens; decides nothing. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Served } from '../catalog/catalog.ts'
import type { Settings } from '../config/config.ts'
import type { Engine, Exit, Prepared } from '../engines/engines.ts'
import { messageOf } from '../errors.ts'
import type { Child, ChildParts } from './child.ts'
import { fileNameOf } from './file-name.ts'
import { type Failure, failureOf, failureOfThrown } from './failure.ts'
import type { LifeEvent } from './lifecycle.ts'
import type { LogTail } from './log-tail.ts'
import { memoryBack } from './memory.ts'
import { ask } from './probe.ts'
import { start } from './start.ts'

export interface RunParts extends ChildParts {
  readonly engine: Engine
  readonly served: Served
  readonly tail: LogTail
  readonly settings: Settings['supervision']
  readonly dataDirectory: string
  /** Of the gateway; scrubbed before a server sees it. */
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** How often a ready server is measured and asked whether it is dead, ms. */
  readonly checkEvery: number
  /** 0 to 1. */
  random(): number
  report(event: LifeEvent): void
}

const probePatience = 5_000
const endPatience = 1_000

export class Run {
  /** Resolves when nothing is left of it. */
  readonly over: Promise<void>
  readonly #parts: RunParts
  readonly #mark: number
  readonly #ending = new AbortController()
  #child: Child | undefined
  #served: Served
  #prepared: Prepared | undefined
  #examination: Promise<void> | undefined
  #measuring = false
  /** When it may be measured again for somebody who only looks; ms on the monotonic clock. */
  #measurableAt = 0
  #memoryBytes: number | undefined
  /** Its end has been reported: what was still being measured is of the past. */
  #gone = false

  /** Starts when `before`, what is left of the run before, is over. */
  constructor(parts: RunParts, before: Promise<void>) {
    this.#parts = parts
    this.#served = parts.served
    this.#mark = parts.tail.mark
    this.over = before.then(() => this.#live())
  }

  /** Its model is known at the latest when it is ready: a starter is fetched first. */
  get served(): Served {
    return this.#served
  }

  get version(): string | undefined {
    return this.#prepared?.version
  }

  /** Of its process group as last measured. */
  get memoryBytes(): number | undefined {
    return this.#memoryBytes
  }

  /** What it has written so far, as far as it is remembered. */
  get lines(): readonly string[] {
    return this.#parts.tail.since(this.#mark)
  }

  /** The first to ask decides how. */
  end(how: 'politely' | 'at once'): void {
    this.#ending.abort(how)
  }

  /** Resolves at once where it is well; one that is dead or no longer listens is condemned, and its end waited for. One at a time: a server
   *  that breaks off many answers together is looked at once. */
  examine(suspicion: string): Promise<void> {
    this.#examination ??= this.#examine(suspicion).finally(() => (this.#examination = undefined))
    return this.#examination
  }

  async #examine(suspicion: string): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    const { engine, report } = this.#parts
    const { finalHealth } = engine.dialect
    const health = { port: child.port, method: 'GET', path: finalHealth?.path ?? '/health' } as const
    const within = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(probePatience)])
    const answer = await ask(health, within).catch(() => undefined)
    const dead = answer?.kind === 'answered' && answer.status === finalHealth?.status
    // A process that is just ending says more by its end than by its silence.
    const ending = answer?.kind === 'refused' || answer?.kind === 'broken'
    const exited = ending && (await Promise.race([child.exited, sleep(endPatience, undefined, { ref: false })]))
    if (!exited && (dead || answer?.kind === 'refused')) {
      const { kind, reason } = engine.diagnose(this.lines, undefined)
      report({ kind: 'condemned', failure: failureOf({ kind, reason: `${suspicion} ${reason}`.trim() }, this.lines) })
    }
    if (exited || this.#ending.signal.aborted) await this.over
  }

  async #live(): Promise<void> {
    try {
      await this.#startAndServe()
    } catch (error) {
      await this.#end()
      this.#exited(failureOfThrown(error, this.lines))
    }
  }

  /** Rejects where it is ended before it is ready. */
  async #startAndServe(): Promise<void> {
    const { report, settings, served, dataDirectory, engine } = this.#parts
    const began = performance.now()
    const started = await start(
      {
        ...this.#parts,
        directory: join(dataDirectory, 'servers', fileNameOf(served.profile.name)),
        startStall: settings.startStall,
        prepared: (prepared) => {
          this.#prepared = prepared
          this.#served = prepared.served
        },
        progressed: (progress) => report({ kind: 'progressed', progress }),
        spawned: (child) => {
          this.#child = child
          report({ kind: 'spawned', pid: child.pid })
        },
      },
      this.#ending.signal,
    )
    if (started.kind === 'failed') {
      report({ kind: 'condemned', failure: started.failure })
      await this.#end()
      this.#exited(started.failure)
      return
    }
    if (started.kind === 'exited') {
      this.#exited(started.failure)
      await this.#end()
      return
    }
    const { child } = started
    report({ kind: 'answered', pid: child.pid, port: child.port, loadMs: Math.round(performance.now() - began) })
    const exit = await this.#untilEnded(child)
    // A server that ends unasked is reported before its remains are cleared: nobody may be sent to a dead port.
    if (exit !== undefined) this.#exited(failureOf(engine.diagnose(this.lines, exit), this.lines))
    await this.#end()
    if (exit === undefined) this.#exited(failureOf({ kind: 'transient', reason: 'It was stopped.' }, this.lines))
  }

  /** How it ended by itself, or undefined where it is to be ended. */
  async #untilEnded(child: Child): Promise<Exit | undefined> {
    const { signal } = this.#ending
    const asked = Promise.withResolvers<undefined>()
    if (signal.aborted) return undefined
    signal.addEventListener('abort', () => asked.resolve(undefined), { once: true })
    this.#check(child)
    const checks = setInterval(() => this.#check(child), this.#parts.checkEvery).unref()
    try {
      return await Promise.race([child.exited, asked.promise])
    } finally {
      clearInterval(checks)
    }
  }

  /** Measures it, and finds one whose generation thread has died while nobody used it (ml-explore/mlx-lm #1505). */
  #check(child: Child): void {
    void this.#measure(child)
    if (this.#parts.engine.dialect.finalHealth !== undefined) void this.examine('')
  }

  /** For somebody who looks: no more often than costs a twentieth of the time. */
  async measure(): Promise<void> {
    if (this.#child !== undefined && performance.now() >= this.#measurableAt) await this.#measure(this.#child)
  }

  /** Left out where the system still owes the last figures: measuring a big process takes time. */
  async #measure({ pid }: Child): Promise<void> {
    if (this.#measuring) return
    const { host, announce, served, checkEvery } = this.#parts
    this.#measuring = true
    const began = performance.now()
    try {
      const memoryBytes = await host.groupFootprint(pid)
      this.#measurableAt = performance.now() + 20 * (performance.now() - began)
      if (memoryBytes === undefined || this.#ending.signal.aborted || this.#gone) return
      this.#memoryBytes = memoryBytes
      announce({ type: 'server.measured', profile: served.profile.name, memoryBytes })
    } catch (error) {
      this.#measurableAt = performance.now() + checkEvery
      announce({
        type: 'supervisor.trouble',
        message: `"${served.profile.name}" cannot be measured: ${messageOf(error)}`,
      })
    } finally {
      this.#measuring = false
    }
  }

  async #end(): Promise<void> {
    const { engine, host, platform, tail, announce, served } = this.#parts
    try {
      const held = this.#memoryBytes ?? 0
      const before = platform === 'darwin' ? (await host.memory()).availableBytes : 0
      await this.#child?.end(this.#ending.signal.reason === 'at once' ? [] : engine.stopLadder)
      await memoryBack(host, platform, before, held)
      await tail.close()
    } catch (error) {
      announce({ type: 'supervisor.trouble', message: `The end of "${served.profile.name}": ${messageOf(error)}` })
    }
    this.#prepared?.release?.()
  }

  #exited(failure: Failure): void {
    this.#gone = true
    this.#parts.report({ kind: 'exited', failure, roll: this.#parts.random() })
  }
}
