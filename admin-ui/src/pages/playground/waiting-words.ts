/** What a question waits for before its answer begins. Pure. */
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { share } from '../../parts/format.ts'
import { loadWord } from '../../parts/load.ts'

export interface WaitingWords {
  /** Changes seldom: it is read out. */
  readonly what: string
  /** How far that is; empty where it is not told. */
  readonly howFar: string
}

export function waitingWords(server: Pick<ServerView, 'state' | 'progress'> | undefined): WaitingWords {
  if (server?.state !== 'starting') return { what: 'Waiting for the first token…', howFar: '' }
  const { progress } = server
  if (progress === null) return { what: 'Loading the model…', howFar: '' }
  if (progress.phase !== 'loading') return { what: loadWord(progress), howFar: `: ${progress.message}…` }
  return { what: 'Loading the model', howFar: progress.share === null ? '…' : `, ${share(progress.share)}…` }
}
