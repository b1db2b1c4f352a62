/** How far a server's load is, and what there is to say of it. Pure. */
import type { ServerView } from '../../../src/api/admin/admin.ts'
import { duration } from './format.ts'

type Load = Pick<ServerView, 'progress' | 'usualLoadMs'>

/** A load that takes longer than it usually does is not done for that. */
const mostGuessed = 0.97

/** What may have to be done before it is loaded is no loading. */
export function loadWord(progress: ServerView['progress']): string {
  return { installing: 'Installing the engine', fetching: 'Fetching the model', loading: 'Loading' }[
    progress?.phase ?? 'loading'
  ]
}

/** 0 to 1, guessed by the usual time where its server does not tell; null where that is not known either. */
export function loadShare({ progress, usualLoadMs }: Load, sinceMs: number): number | null {
  const told = progress?.share ?? null
  if (told !== null || usualLoadMs === null) return told
  return Math.min(mostGuessed, Math.max(0, sinceMs) / usualLoadMs)
}

/** "Reading weights · usually 21 s" */
export function loadNote({ progress, usualLoadMs }: Load): string {
  const usual = usualLoadMs === null ? undefined : `usually ${duration(usualLoadMs)}`
  return [progress?.message, usual].filter(Boolean).join(' · ')
}
