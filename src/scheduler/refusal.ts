/** What a request is told that gets no place. */
import { GatewayError } from '../errors.ts'
import { notTried, type ServerState } from '../supervisor/supervisor.ts'
import type { Plan } from './plan.ts'
import { sizedMemory } from '../wire/size.ts'

/** Ms. */
const shortPause = 5_000

export function queueFull(profile: string, waiting: number, retryAfterMs: number): GatewayError {
  return new GatewayError(
    'queue_full',
    `Too many requests are waiting (${waiting} of them for "${profile}"). Try again later, or raise scheduling.queue or scheduling.queueTotal.`,
    { retryAfterMs },
  )
}

export function queueTimeout(profile: string, waitedMs: number, retryAfterMs: number): GatewayError {
  return new GatewayError(
    'queue_timeout',
    `No place on "${profile}" came free within ${Math.round(waitedMs / 1_000)} s. Try again later, or raise scheduling.queueTimeout.`,
    { retryAfterMs },
  )
}

export function cannotFit(profile: string, plan: Extract<Plan, { kind: 'refuse' }>): GatewayError {
  const { needBytes, budgetBytes, pinnedBytes } = plan
  const pins = pinnedBytes > 0 ? `, of which pinned models hold ${sizedMemory(pinnedBytes)}` : ''
  const remedy = pinnedBytes > 0 ? 'unpin a model, choose a smaller one' : 'choose a smaller model'
  return new GatewayError(
    'insufficient_memory',
    `"${profile}" needs ${sizedMemory(needBytes)} of memory, but the budget is ${sizedMemory(budgetBytes)}${pins}. To run it, ${remedy}, or raise memory.budget.`,
  )
}

/** Why nobody is made to leave for this profile: its last start failed, and it would not be started now, or only after a pause. A short
 *  pause is waited for. `now`: ms since 1970, as `retryAt`. */
export function notStarted(profile: string, state: ServerState, now: number): GatewayError | undefined {
  const soon = state.kind !== 'failed' || now < state.since || state.retryAt - now <= shortPause
  return soon ? undefined : notTried(profile, state, now)
}

export function loadStopped(profile: string): GatewayError {
  return new GatewayError('server_unavailable', `"${profile}" was stopped while it was loading. Ask again to load it.`)
}

export function shuttingDown(): GatewayError {
  return new GatewayError('shutting_down', 'The gateway is shutting down. Try again once it has been restarted.', {
    retryAfterMs: 1_000,
  })
}
