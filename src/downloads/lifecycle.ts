/*  A download's life: one pure step(state, event) → next state. Whatever does not fit a state changes nothing.
 *
 *             begun              written            right
 *  queued ───────────▶ running ─────────▶ verifying ──────▶ complete
 *    ▲ ▲                 │ │ └──────────────┴─ what lasts ─▶ failed
 *    │ └── paused ◀──────┘ │ pause; disk full; network lost      │
 *    │ resume, or the want is over                               │
 *    └───────────────── resume ──────────────────────────────────┘
 *
 *  Cancelled is reached from everything but complete, and is over for good, like complete. What was under way when the gateway ended
 *  begins again as queued.
 */
import type { ErrorCode } from '../errors.ts'

export type DownloadState =
  | { readonly kind: 'queued' }
  | { readonly kind: 'running' }
  | { readonly kind: 'verifying' }
  /** `hand`: until somebody resumes it · `disk`, `network`: until what it waits for is back. */
  | Paused
  | { readonly kind: 'complete' }
  /** `code`: of what went wrong; it is not written down. */
  | { readonly kind: 'failed'; readonly reason: string; readonly code: ErrorCode }
  | { readonly kind: 'cancelled' }

export type PausedBy = 'hand' | 'disk' | 'network'

interface Paused {
  readonly kind: 'paused'
  readonly by: PausedBy
  readonly reason: string
}

export type DownloadEvent =
  /** Its turn has come. */
  | { readonly kind: 'begun' }
  /** Every byte is there; what is left is to see whether they are right. */
  | { readonly kind: 'written' }
  /** Every file has its final name. */
  | { readonly kind: 'right' }
  | { readonly kind: 'pause'; readonly by: PausedBy; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly code: ErrorCode }
  /** Somebody wants it to go on, or what it waited for is back. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel' }

/** Whether nothing more will happen by itself or can be asked for. */
export function isOver({ kind }: DownloadState): boolean {
  return kind === 'complete' || kind === 'cancelled'
}

/** Whether bytes are on their way. */
export function isUnderWay({ kind }: DownloadState): boolean {
  return kind === 'running' || kind === 'verifying'
}

/** Whether it goes on by itself when what it wants is there. */
export function isWanting(state: DownloadState): state is Paused {
  return state.kind === 'paused' && state.by !== 'hand'
}

/** The state after the event; the same object where it means nothing (it comes late, or twice). */
export function step(state: DownloadState, event: DownloadEvent): DownloadState {
  if (isOver(state)) return state
  switch (event.kind) {
    case 'begun':
      return state.kind === 'queued' ? { kind: 'running' } : state
    case 'written':
      return state.kind === 'running' ? { kind: 'verifying' } : state
    case 'right':
      return isUnderWay(state) ? { kind: 'complete' } : state
    case 'pause':
      return paused(state, event)
    case 'failed':
      return isUnderWay(state) ? event : state
    case 'resume':
      return state.kind === 'paused' || state.kind === 'failed' ? { kind: 'queued' } : state
    case 'cancel':
      return { kind: 'cancelled' }
  }
}

/** 1. Somebody's pause holds in every state, also over a want of disk or network.
 *  2. A want stops only what is under way, or tells anew of what waits for one already. */
function paused(state: DownloadState, { by, reason }: Extract<DownloadEvent, { kind: 'pause' }>): DownloadState {
  const next: DownloadState = { kind: 'paused', by, reason }
  if (by === 'hand') return state.kind === 'failed' ? state : next // 1
  return isUnderWay(state) || isWanting(state) ? next : state // 2
}
