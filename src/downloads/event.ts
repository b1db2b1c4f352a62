/** What the downloads tell the house. */
import type { DownloadState } from './lifecycle.ts'

/** A download as people see it. Bytes are counted as they are written, never by looking at the disk. */
export interface Download {
  readonly id: number
  /** `owner/name`. */
  readonly repo: string
  /** As asked for: a branch, a tag or a commit. */
  readonly revision: string
  readonly commit: string
  readonly state: DownloadState
  readonly bytes: number
  readonly totalBytes: number
  /** Undefined while nothing comes, or too little came to tell. */
  readonly bytesPerSecond: number | undefined
  readonly leftMs: number | undefined
  readonly files: readonly FileProgress[]
  /** Ms since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface FileProgress {
  readonly path: string
  readonly bytes: number
  readonly totalBytes: number
}

export type DownloadsEvent =
  /** It is new, or its state is another; with at most 200 of its files. */
  | { readonly type: 'download.changed'; readonly download: Download }
  /** At most twice a second while bytes come; with the files alone that have moved since they were told of, at most 50. */
  | { readonly type: 'download.progress'; readonly download: Download }
  | { readonly type: 'download.removed'; readonly id: number; readonly repo: string }
  | { readonly type: 'download.trouble'; readonly message: string }
