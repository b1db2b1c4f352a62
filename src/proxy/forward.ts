/** Asks a leased server for each generation of a call, and lets the answer have it. */
import { Pool } from 'undici'
import { messageOf } from '../errors.ts'
import type { Lease } from '../scheduler/scheduler.ts'
import type { ReadyServer } from '../supervisor/supervisor.ts'
import type { FinishReason, Usage } from '../wire/generation.ts'
import type { Answer } from './answer.ts'
import { ChoiceFilter } from './choice.ts'
import type { Departure } from './departure.ts'
import { Generation, type Outcome } from './generation.ts'
import { countingBody, type Job, type Rewritten } from './rewrite.ts'
import type { Watch } from './watch.ts'

export interface ForwardTimes {
  readonly connect: number
  readonly firstByte: number
  readonly idle: number
}

export interface Forward {
  readonly lease: Lease
  readonly answer: Answer
  readonly departure: Departure
  readonly firstToken: () => void
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
    const pool = new Pool(`http://127.0.0.1:${server.port}`, {
      connect: { timeout: times.connect },
      // undici would give up after five silent minutes; the watch knows better
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    pools.set(server, pool)
    for (const [old, oldPool] of pools) {
      if (old.served.profile.name !== server.served.profile.name || old === server) continue
      pools.delete(old)
      void oldPool.close()
    }
    return pool
  }

  function generate(path: string, job: Job, body: string, stops: readonly string[], parts: Forward): Promise<Outcome> {
    const generation = new Generation({
      ...parts,
      choice: job.choice,
      filter: new ChoiceFilter(stops),
      whole: job.whole,
      firstByteMs: times.firstByte,
      idleMs: times.idle,
      now,
    })
    watch.add(generation)
    poolOf(parts.lease.server).dispatch(
      { path, method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream' }, body },
      generation,
    )
    return generation.outcome.finally(() => watch.remove(generation))
  }

  return {
    async forward({ jobs, path, stops }, parts) {
      let usage: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 }
      let finish: FinishReason = 'stop'
      for (const job of jobs) {
        const outcome = await generate(path, job, job.body, stops, parts)
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

  /** A stop sequence ended the stream before its usage: one delta is about one token, and asking for a single token of the same
   *  prompt, which the server still has in its cache, tells how long the prompt is. */
  async function estimate(path: string, job: Job, outcome: Outcome, parts: Forward): Promise<Usage> {
    const completionTokens = outcome.deltas
    if (!parts.usageWanted || job.again)
      return { promptTokens: outcome.promptRead, completionTokens, cachedTokens: undefined }
    // said before the count, which may take its time
    parts.answer.flush(() => {})
    const asked = { ...parts, answer: deaf, firstToken: () => {} }
    const counted = await generate(path, job, countingBody(job.body), [], asked).catch((error: unknown) => {
      parts.departure.signal.throwIfAborted()
      // the answer itself is whole: only its count is not known, and perhaps the server is dead
      void parts.lease.suspect(messageOf(error))
      return undefined
    })
    return {
      promptTokens: counted?.usage?.promptTokens ?? outcome.promptRead,
      completionTokens,
      cachedTokens: counted?.usage?.cachedTokens,
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
