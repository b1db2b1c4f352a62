/** How far a transfer has come, as counted by the thread that writes. Pure. */
import type { HubFile } from '../hub/hub.ts'
import type { FileNews, FileState } from './messages.ts'

export interface TransferProgress {
  /** `verifying`: every byte has come. */
  readonly phase: 'running' | 'verifying'
  readonly bytes: number
  /** Those among them that were there before; they say nothing of how fast it goes. */
  readonly resumed: number
  readonly files: readonly {
    readonly path: string
    readonly bytes: number
    readonly total: number
    readonly state: FileState
  }[]
}

/** `news` is of the files, in their order. */
export function progressOf(files: readonly HubFile[], news: readonly FileNews[]): TransferProgress {
  const isWritten = news.every(({ state }) => state === 'verifying' || state === 'there')
  return {
    phase: isWritten ? 'verifying' : 'running',
    bytes: news.reduce((sum, { bytes }) => sum + bytes, 0),
    resumed: news.reduce((sum, { resumed }) => sum + resumed, 0),
    files: files.map(({ path, bytes: total }, index) => {
      const { bytes = 0, state = 'waiting' } = news[index] ?? {}
      return { path, bytes, total, state }
    }),
  }
}
