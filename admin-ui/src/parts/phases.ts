/** A request's time, phase by phase. Pure. */
import type { LiveRequest, RequestView } from '../../../src/api/admin/admin.ts'

export interface Phase {
  readonly name: 'waited' | 'loading' | 'reading' | 'answering'
  readonly ms: number
}

/** Of a request that has ended. */
export function phasesOf({
  queueMs,
  loadMs,
  prefillMs,
  decodeMs,
}: Pick<RequestView, 'queueMs' | 'loadMs' | 'prefillMs' | 'decodeMs'>): readonly Phase[] {
  return lasting([queueMs, loadMs, prefillMs, decodeMs])
}

const order = ['queued', 'loading', 'prefill', 'decode'] as const

/** Of one under way, at this time by the gateway's clock. */
export function phasesSoFar(request: LiveRequest, now: number): readonly Phase[] {
  const { queueMs, loadMs, prefillMs, phase, since } = request
  const over = [queueMs, loadMs, prefillMs, 0]
  const current = order.indexOf(phase)
  return lasting(over.map((ms, index) => (index === current ? ms + Math.max(0, now - since) : ms)))
}

const names = ['waited', 'loading', 'reading', 'answering'] as const

function lasting(all: readonly number[]): readonly Phase[] {
  return names.map((name, index) => ({ name, ms: all[index] ?? 0 })).filter(({ ms }) => ms > 0)
}

export function totalMs(phases: readonly Phase[]): number {
  return phases.reduce((sum, { ms }) => sum + ms, 0)
}
