/*  A server's life: one pure step(life, event, now, policy) → next life and effects.
 *
 *          asked            answered           stop               exited
 *  stopped ─────▶ starting ────────▶ ready ────────▶ stopping ────────▶ stopped
 *                    │ exited           │ exited         │ asked: remembered, starts again after the exit
 *                    ▼                  ▼                │ condemned before: exited leads to failed
 *                  failed ◀─────────────┴────────────────┘
 *                    └─▶ asked: starts again, not before retryAt
 *
 *  Condemned (a start without progress, a wedged server) leads from starting and ready through stopping to failed.
 */
import type { Progress } from '../engines/engines.ts'
import { type Policy, pause } from './backoff.ts'
import type { Failure } from './failure.ts'

export type ServerState =
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'starting'
      readonly since: number
      readonly progress: Progress | undefined
      readonly pid: number | undefined
    }
  | {
      readonly kind: 'ready'
      readonly since: number
      readonly pid: number
      readonly port: number
      readonly loadMs: number
    }
  | {
      readonly kind: 'stopping'
      readonly since: number
      readonly pid: number | undefined
      readonly reason: StopReason
      readonly startAfter: boolean
      /** Present where it was condemned: what it will have failed of once it is gone. */
      readonly failure?: Failure
    }
  | ({
      readonly kind: 'failed'
      readonly since: number
      /** In a row, this one included. */
      readonly failures: number
      readonly retryAt: number
    } & Failure)

/** `abandoned`: it went on for clients who had left, while others waited for their places. */
export type StopReason = 'idle' | 'evicted' | 'asked' | 'changed' | 'wedged' | 'abandoned' | 'shutdown' | 'start failed'

export type FailedState = Extract<ServerState, { kind: 'failed' }>

export interface Life {
  readonly state: ServerState
  /** In a row, without `healthyAfter` of running between them. */
  readonly failures: number
  /** `launchFingerprint` of what was last asked for. */
  readonly fingerprint: string | undefined
}

export type LifeEvent =
  | { readonly kind: 'asked'; readonly fingerprint: string }
  | { readonly kind: 'progressed'; readonly progress: Progress }
  | { readonly kind: 'spawned'; readonly pid: number }
  | { readonly kind: 'answered'; readonly pid: number; readonly port: number; readonly loadMs: number }
  | { readonly kind: 'stop'; readonly reason: StopReason }
  /** It lives but is of no use. */
  | { readonly kind: 'condemned'; readonly failure: Failure }
  /** Its processes are gone, or there never were any. `roll`: a random number from 0 to 1. */
  | { readonly kind: 'exited'; readonly failure: Failure; readonly roll: number }
  | { readonly kind: 'reset' }

export type Refusal =
  | { readonly kind: 'start failed'; readonly failure: Failure }
  /** Its last start failed, and it is not tried again for now. */
  | { readonly kind: 'not tried'; readonly state: FailedState }
  | { readonly kind: 'stopped'; readonly reason: StopReason }

export type Effect =
  /** Start what was last asked for. */
  | { readonly kind: 'start' }
  /** End the processes, or the start before it has any; `exited` must follow. */
  | { readonly kind: 'end'; readonly how: 'politely' | 'at once' }
  /** Hand the ready server to all who wait. */
  | { readonly kind: 'admit' }
  /** Tell all who wait. */
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** At that time, ask again for those who still wait. */
  | { readonly kind: 'wake'; readonly at: number }

export interface Step {
  readonly life: Life
  readonly effects: readonly Effect[]
}

export const newLife: Life = { state: { kind: 'stopped' }, failures: 0, fingerprint: undefined }

/** What an event makes of a life. An event that has no meaning in a state (a late one) changes nothing. */
export function step(life: Life, event: LifeEvent, now: number, policy: Policy): Step {
  const { state } = life
  switch (event.kind) {
    case 'asked':
      return asked(life, event.fingerprint, now, policy)
    case 'progressed':
      return state.kind === 'starting' ? become(life, { ...state, progress: event.progress }) : stay(life)
    case 'spawned':
      return state.kind === 'starting' ? become(life, { ...state, pid: event.pid }) : stay(life)
    case 'answered': {
      const { pid, port, loadMs } = event
      if (state.kind !== 'starting') return stay(life)
      return become(life, { kind: 'ready', since: now, pid, port, loadMs }, { kind: 'admit' })
    }
    case 'stop':
      return stop(life, event.reason, now, policy)
    case 'condemned':
      return condemned(life, event.failure, now, policy)
    case 'exited':
      return exited(life, event.failure, event.roll, now, policy)
    case 'reset':
      return state.kind === 'failed'
        ? { life: { ...life, failures: 0, state: { kind: 'stopped' } }, effects: [{ kind: 'wake', at: now }] }
        : stay({ ...life, failures: 0 })
  }
}

function asked(life: Life, fingerprint: string, now: number, policy: Policy): Step {
  const { state } = life
  const next = { ...life, fingerprint }
  switch (state.kind) {
    case 'stopped':
      return begin(next, now)
    case 'starting':
      return fingerprint === life.fingerprint ? stay(life) : leave(next, 'changed', true, now, policy)
    case 'ready':
      return fingerprint === life.fingerprint
        ? stay(life, { kind: 'admit' })
        : leave(next, 'changed', true, now, policy)
    case 'stopping':
      return become(next, { ...state, startAfter: true })
    case 'failed':
      return askedOfFailed(life, state, fingerprint, now, policy)
  }
}

/** Whether a failed server is tried again:
 *  1. Its settings have changed since: at once, and its failures are forgotten.
 *  2. The pause is over (or the clock was set back): one more try.
 *  3. It failed of something that lasts: refused with the reason. The pause (`backoffMax`) lets a repaired folder or a
 *     finished download be found without anybody's "try again".
 *  4. It failed `maxFailures` times in a row: refused until the pause is over, with the time.
 *  5. Otherwise the caller waits for the end of the pause. */
function askedOfFailed(life: Life, state: FailedState, fingerprint: string, now: number, policy: Policy): Step {
  const { diagnosis, failures, retryAt } = state
  if (fingerprint !== life.fingerprint) return begin({ ...life, fingerprint, failures: 0 }, now) // 1
  if (now >= retryAt || now < state.since) return begin(life, now) // 2
  if (diagnosis.kind === 'permanent') return stay(life, refuse({ kind: 'not tried', state })) // 3
  if (failures >= policy.maxFailures) return stay(life, refuse({ kind: 'not tried', state })) // 4
  return stay(life, { kind: 'wake', at: retryAt }) // 5
}

function stop(life: Life, reason: StopReason, now: number, policy: Policy): Step {
  const { state } = life
  const refused = refuse({ kind: 'stopped', reason })
  switch (state.kind) {
    case 'stopped':
    case 'failed':
      return stay(life, refused)
    case 'starting':
    case 'ready': {
      const left = leave(life, reason, false, now, policy)
      return { life: left.life, effects: [refused, ...left.effects] }
    }
    case 'stopping':
      return become(life, { ...state, startAfter: false }, refused)
  }
}

function condemned(life: Life, failure: Failure, now: number, policy: Policy): Step {
  const { state } = life
  switch (state.kind) {
    case 'starting':
    case 'ready': {
      const reason = state.kind === 'ready' ? 'wedged' : 'start failed'
      const stopping = { kind: 'stopping', since: now, pid: state.pid, reason, startAfter: false, failure } as const
      const effects = [
        refuse({ kind: 'start failed', failure }),
        { kind: 'end', how: state.kind === 'ready' ? 'at once' : 'politely' },
      ] as const
      return { life: { ...life, failures: failuresKept(life, now, policy), state: stopping }, effects }
    }
    case 'stopped':
    case 'stopping':
    case 'failed':
      return stay(life)
  }
}

function exited(life: Life, failure: Failure, roll: number, now: number, policy: Policy): Step {
  const { state } = life
  switch (state.kind) {
    case 'starting':
    case 'ready':
      return {
        life: fail(life, failure, roll, now, policy),
        effects: [refuse({ kind: 'start failed', failure })],
      }
    case 'stopping': {
      if (state.failure === undefined) return state.startAfter ? begin(life, now) : become(life, { kind: 'stopped' })
      const failed = fail(life, state.failure, roll, now, policy)
      return state.startAfter ? asked(failed, failed.fingerprint ?? '', now, policy) : stay(failed)
    }
    case 'stopped':
    case 'failed':
      return stay(life)
  }
}

function fail(life: Life, failure: Failure, roll: number, now: number, policy: Policy): Life {
  const failures = failuresKept(life, now, policy) + 1
  const wait = failure.diagnosis.kind === 'permanent' ? policy.backoffMax : pause(failures, roll, policy)
  return { ...life, failures, state: { kind: 'failed', since: now, failures, retryAt: now + wait, ...failure } }
}

/** A server that ran for `healthyAfter` has earned a clean record. */
function failuresKept({ state, failures }: Life, now: number, policy: Policy): number {
  return state.kind === 'ready' && now - state.since >= policy.healthyAfter ? 0 : failures
}

function leave(life: Life, reason: StopReason, startAfter: boolean, now: number, policy: Policy): Step {
  const pid = 'pid' in life.state ? life.state.pid : undefined
  const failures = failuresKept(life, now, policy)
  return become(
    { ...life, failures },
    { kind: 'stopping', since: now, pid, reason, startAfter },
    { kind: 'end', how: 'politely' },
  )
}

function begin(life: Life, now: number): Step {
  return become(life, { kind: 'starting', since: now, progress: undefined, pid: undefined }, { kind: 'start' })
}

function become(life: Life, state: ServerState, ...effects: readonly Effect[]): Step {
  return { life: { ...life, state }, effects }
}

function stay(life: Life, ...effects: readonly Effect[]): Step {
  return { life, effects }
}

function refuse(refusal: Refusal): Effect {
  return { kind: 'refuse', refusal }
}
