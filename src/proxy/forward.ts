/** Asks a leased server for each generation of a call, and lets the answer have it. */
import type { Pool } from 'undici'
import { messageOf } from '../errors.ts'
import type { Lease } from '../scheduler/scheduler.ts'
import type { ReadyServer } from '../supervisor/supervisor.ts'
import type { FinishReason, Usage } from '../wire/generation.ts'
import type { Answer } from './answer.ts'
import { ChoiceFilter } from './choice.ts'
import type { Departure } from './departure.ts'
import { Generation, type Outcome } from './generation.ts'
import { createLines } from './line.ts'
import { bodyOf, type Job, type Rewritten } from './rewrite.ts'
import type { Watch } from './watch.ts'

export interface ForwardTimes {
  readonly connect: number
  readonly firstByte: number
  readonly whole: number
  readonly idle: number
}

export interface Forward {
  readonly lease: Lease
  readonly answer: Answer
  readonly departure: Departure
  readonly firstToken: () => void
  /** Is given what tells how many tokens have been said so far. */
  readonly answers: (tokens: () => number) => void
  /** Whether somebody will read the usage. */
  readonly usageWanted: boolean
}

export interface Forwarded {
  /** The tokens of all. */
  readonly usage: Usage
  /** Why the last one ended. */
  readonly finish: FinishReason
}

export interface Forwarder {
  /** Runs every job, one after another. Rejects with GatewayError, or the reason of the departure. */
  forward(rewritten: Rewritten, parts: Forward): Promise<Forwarded>
  close(): Promise<void>
}

export function createForwarder(times: ForwardTimes, watch: Watch, now: () => number): Forwarder {
  const pools = new Map<ReadyServer, Pool>()

  function poolOf(server: ReadyServer): Pool {
    const known = pools.get(server)
    if (known !== undefined) return known
    const pool = createLines(server.port, times.connect)
    pools.set(server, pool)
    for (const [old, oldPool] of pools) {
      if (old.served.profile.name !== server.served.profile.name || old === server) continue
      pools.delete(old)
      void oldPool.close()
    }
    return pool
  }

  function generate(path: string, job: Job, stops: readonly string[], parts: Forward, most?: number): Promise<Outcome> {
    const generation = new Generation({
      ...parts,
      choice: job.choice,
      filter: new ChoiceFilter(stops),
      whole: job.whole,
      firstByteMs: job.whole ? times.whole : times.firstByte,
      idleMs: times.idle,
      now,
    })
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
    const body = Buffer.concat(bodyOf(job, most))
    parts.answers(() => generation.deltas)
    watch.add(generation)
    poolOf(parts.lease.server).dispatch({ path, method: 'POST', headers, body }, generation)
    return generation.outcome.finally(() => watch.remove(generation))
  }

  return {
    async forward({ jobs, path, stops }, parts) {
      let usage: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 }
      let finish: FinishReason = 'stop'
      let said = 0
      const counted: Forward = { ...parts, answers: (tokens) => parts.answers(() => said + tokens()) }
      for (const job of jobs) {
        const outcome = await generate(path, job, stops, counted)
        said += outcome.deltas
        const one = outcome.usage ?? (await estimate(path, job, outcome, parts))
        usage = added(usage, job.again ? { ...one, promptTokens: 0, cachedTokens: 0 } : one)
        finish = outcome.finish
      }
      return { usage, finish }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }

  /** A stop sequence ended the stream before its usage: one delta is about one token. */
  async function estimate(path: string, job: Job, outcome: Outcome, parts: Forward): Promise<Usage> {
    const counted = parts.usageWanted && !job.again ? await count(path, job, parts) : undefined
    return {
      promptTokens: counted?.promptTokens ?? outcome.promptRead,
      completionTokens: outcome.deltas,
      cachedTokens: counted?.cachedTokens,
    }
  }

  /** Asking for a single token of the same prompt, which the server still has in its cache, tells how long that is. */
  async function count(path: string, job: Job, parts: Forward): Promise<Usage | undefined> {
    // said before the count, which may take its time
    parts.answer.flush(() => {})
    try {
      return (await generate(path, job, [], { ...parts, answer: deaf, firstToken() {}, answers() {} }, 1)).usage
    } catch (error) {
      parts.departure.signal.throwIfAborted()
      // the answer itself is whole: only its count is not known, and perhaps the server is dead
      void parts.lease.suspect(messageOf(error))
      return undefined
    }
  }
}

function added(total: Usage, one: Usage): Usage {
  return {
    promptTokens: total.promptTokens + one.promptTokens,
    completionTokens: total.completionTokens + one.completionTokens,
    cachedTokens: (total.cachedTokens ?? 0) + (one.cachedTokens ?? 0),
  }
}

/** An answer that nobody hears. */
const deaf: Answer = {
  said: true,
  waiting() {},
  header() {},
  delta() {},
  escapedTexts() {},
  flush: () => true,
  end() {},
  fail() {},
  tick() {},
}
