/** Finished requests on their way into the store: in batches, by a timer, never awaited by a request. */
import { messageOf } from '../errors.ts'
import type { RequestRow, Store } from '../store/store.ts'
import type { HouseEvent } from './event.ts'

export interface HistoryParts {
  readonly requests: Pick<Store['requests'], 'add' | 'prune'>
  /** Rows are kept for this long, ms. */
  readonly keepMs: number
  /** ms since 1970. */
  readonly now: () => number
  readonly announce: (event: HouseEvent) => void
  /** Calls `run` once after `ms`; the result cancels it. */
  readonly later: (run: () => void, ms: number) => () => void
}

export interface History {
  add(row: RequestRow): void
  /** Writes what is waiting; what cannot be written now is lost, and announced. */
  close(): void
}

const batchMs = 500
const batchRows = 200
const retryMs = 5_000
const mostRows = 20_000
const pruneEveryMs = 3_600_000

/** While the store refuses, rows are kept and tried again; beyond 20,000 the newest are dropped and counted. A transaction holds 200 rows
 *  at most, so that nothing blocks the loop for long. */
export function createHistory(parts: HistoryParts): History {
  const { requests, announce } = parts
  const waiting: RequestRow[] = []
  let dropped = 0
  let refused = false
  let prunedAt = Number.NEGATIVE_INFINITY
  let scheduled: { readonly ms: number; readonly cancel: () => void } | undefined

  const schedule = (ms: number): void => {
    if (scheduled !== undefined && scheduled.ms <= ms) return
    scheduled?.cancel()
    scheduled = { ms, cancel: parts.later(run, ms) }
  }
  const run = (): void => {
    scheduled = undefined
    refused = !flush()
    if (waiting.length > 0) schedule(refused ? retryMs : 0)
  }
  /** False where the store refused. */
  const flush = (): boolean => {
    const batch = waiting.slice(0, batchRows)
    try {
      if (batch.length > 0) requests.add(batch)
      waiting.splice(0, batch.length)
      prune()
      return true
    } catch (error) {
      announce({ type: 'history.trouble', message: messageOf(error), waiting: waiting.length, dropped })
      dropped = 0
      return false
    }
  }
  const prune = (): void => {
    const now = parts.now()
    if (Math.abs(now - prunedAt) < pruneEveryMs) return
    prunedAt = now
    requests.prune(now - parts.keepMs)
  }

  return {
    add(row) {
      if (waiting.length >= mostRows) dropped += 1
      else waiting.push(row.model.length > 200 ? { ...row, model: row.model.slice(0, 200) } : row)
      schedule(refused ? retryMs : waiting.length >= batchRows ? 0 : batchMs)
    },
    close() {
      scheduled?.cancel()
      while (waiting.length > 0 && flush());
    },
  }
}
