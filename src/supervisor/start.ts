/** One start, from nothing to a server that has answered. */
import { mkdir } from 'node:fs/promises'
import type { Served } from '../catalog/catalog.ts'
import { childEnvironment, type Engine, type Prepared, type Progress } from '../engines/engines.ts'
import { type Child, type ChildParts, spawnChild } from './child.ts'
import { type Failure, failureOf, failureOfThrown } from './failure.ts'
import type { LogTail } from './log-tail.ts'
import { type Readiness, untilReady } from './readiness.ts'
import { advice, said } from './reply.ts'

export interface StartParts extends ChildParts {
  readonly engine: Engine
  readonly served: Served
  readonly tail: LogTail
  /** For this server alone; made where it is missing. */
  readonly directory: string
  /** Of the gateway; scrubbed before a server sees it. */
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** Milliseconds. */
  readonly startStall: number
  prepared(prepared: Prepared): void
  progressed(progress: Progress): void
  /** Called once per attempt; whoever starts must see to its end. */
  spawned(child: Child): void
}

export type Started =
  | { readonly kind: 'ready'; readonly child: Child }
  | { readonly kind: 'exited'; readonly failure: Failure }
  /** Its process, if any, still lives. */
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Bytes per second that the slowest disk is trusted to load (ml-explore/mlx-lm #1572: a big load looks like a hang). */
const slowestLoad = 0.5e9

/** Milliseconds of silence after which a start has failed: a model that is read from disk may say and allocate nothing for that long. */
export function stallPatience(startStall: number, weightsBytes: number): number {
  return startStall + (weightsBytes / slowestLoad) * 1_000
}

/** Everything that goes wrong is an outcome; rejects only with the signal's reason. */
export async function start(parts: StartParts, signal: AbortSignal): Promise<Started> {
  const { engine, served, tail } = parts
  const mark = tail.mark
  try {
    const prepared = await engine.prepare(served, parts.progressed, signal)
    parts.prepared(prepared)
    await mkdir(parts.directory, { recursive: true, mode: 0o700 })
    parts.progressed({
      phase: 'loading',
      message: `Loading ${served.model?.id ?? served.profile.name}`,
      share: undefined,
    })
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      const child = await launch(parts, prepared)
      const stallMs = stallPatience(parts.startStall, prepared.served.model?.facts.weightsBytes ?? 0)
      const readiness = await untilReady({ ...parts, dialect: engine.dialect, child, stallMs }, signal)
      if (readiness.kind === 'ready') return { kind: 'ready', child }
      if (readiness.kind === 'port taken' && attempt === 1) {
        await child.end([])
        continue
      }
      const failure = explain(engine, prepared.served, readiness, tail.since(mark))
      return { kind: readiness.kind === 'exited' ? 'exited' : 'failed', failure }
    }
  } catch (error) {
    signal.throwIfAborted()
    return { kind: 'failed', failure: failureOfThrown(error, tail.since(mark)) }
  }
}

async function launch(parts: StartParts, prepared: Prepared): Promise<Child> {
  const port = await parts.host.freePort()
  const child = await spawnChild(parts, {
    profile: parts.served.profile.name,
    port,
    command: parts.engine.command(prepared, port),
    environment: childEnvironment(parts.environment, parts.platform),
    directory: parts.directory,
    output: (chunk) => parts.tail.write(chunk),
  })
  parts.spawned(child)
  return child
}

function explain(
  engine: Engine,
  served: Served,
  readiness: Exclude<Readiness, { kind: 'ready' }>,
  lines: readonly string[],
): Failure {
  switch (readiness.kind) {
    case 'exited':
      return failureOf(engine.diagnose(lines, readiness.exit), lines)
    case 'dead':
      return failureOf(engine.diagnose(lines, undefined), lines)
    case 'port taken':
      return failureOf({ kind: 'transient', reason: 'Two ports in a row were taken by another program.' }, lines)
    case 'refusing': {
      const { path } = engine.dialect.readinessRequest(served)
      const reason = `It answers POST ${path} with ${said(readiness.reply)}. ${advice(readiness.reply.status)}`
      return failureOf({ kind: 'permanent', reason }, lines)
    }
    case 'stalled': {
      const seconds = Math.round(readiness.quietMs / 1_000)
      const answer =
        readiness.reply === undefined ? '' : ` It answers its readiness request with ${said(readiness.reply)}.`
      const reason = `No sign of progress for ${seconds} s while starting.${answer}`
      return { ...failureOf({ kind: 'transient', reason }, lines), code: 'server_timeout' }
    }
  }
}
