/** A request that waits for a place, or a wish that waits for a load. */
import type { Target } from '../router/router.ts'
import type { Progress } from '../supervisor/supervisor.ts'
import type { Stay } from './stay.ts'

/** What a waiting request may tell its client. */
export type Waiting =
  /** `position`: 1 is the next of those who wait for the same profile. `behind`: the profiles whose servers are in the way, its own where
   *  all places on it are taken. */
  | { readonly phase: 'queued'; readonly position: number; readonly behind: readonly string[] }
  | { readonly phase: 'loading'; readonly progress: Progress | undefined }

export interface Waiter {
  /** Arrival number, rising across all profiles. */
  readonly ticket: number
  readonly target: Target
  /** Ms on the monotonic clock. */
  readonly arrived: number
  /** A request needs a place on the ready server; a wish is fulfilled as soon as it is ready. */
  readonly wants: 'place' | 'load'
  /** What the key is called that asked; null where none was shown. */
  readonly askedBy: string | null
  /** Its wait ends well. */
  readonly admit: (stay: Stay) => void
  /** Its wait ends badly. */
  readonly refuse: (reason: unknown) => void
  /** What it was told last is not told again. */
  readonly tell: (waiting: Waiting) => void
}

/** Passes on only what differs from what was said last. */
export function onlyNews(wait: ((waiting: Waiting) => void) | undefined): (waiting: Waiting) => void {
  if (wait === undefined) return () => {}
  let told: Waiting | undefined
  return (waiting) => {
    if (told !== undefined && sameNews(told, waiting)) return
    told = waiting
    wait(waiting)
  }
}

function sameNews(one: Waiting, other: Waiting): boolean {
  if (one.phase === 'queued')
    return other.phase === 'queued' && one.position === other.position && sameNames(one.behind, other.behind)
  return other.phase === 'loading' && one.progress === other.progress
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index])
}
