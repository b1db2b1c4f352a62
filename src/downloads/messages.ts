/** What the gateway and its two threads of the downloads say to each other. Plain data. */
import { GatewayError, messageOf, type ErrorCode } from '../errors.ts'
import type { HubAccess, HubFile } from '../hub/hub.ts'

/** To the transfer thread. */
export type TransferOrder =
  | { readonly kind: 'start'; readonly id: number; readonly task: Task }
  | { readonly kind: 'stop'; readonly id: number }
  /** Of all transfers together, from now on; undefined for no limit. */
  | { readonly kind: 'pace'; readonly bytesPerSecond: number | undefined }

export interface Task {
  readonly hub: HubAccess
  readonly id: string
  readonly commit: string
  /** The cache's real path, and the folder of the repository's blobs, which is there. */
  readonly cache: string
  readonly blobs: string
  readonly files: readonly HubFile[]
  readonly connections: number
}

/** From the transfer thread: at its end, also of a task that was stopped, its files are closed. */
export type TransferNews =
  | { readonly kind: 'progress'; readonly id: number; readonly files: readonly FileNews[] }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError }

/** `waiting`: nobody has looked at it yet · `running`: its bytes come · `verifying`: all have come · `there`: it has its final name */
export type FileState = 'waiting' | 'running' | 'verifying' | 'there'

/** Of a task's files, in their order. */
export interface FileNews {
  readonly state: FileState
  readonly bytes: number
  /** Those among them that were there before. */
  readonly resumed: number
}

/** To the hash thread. A file on its way is followed, no further than it has come: once all of it is there and right it gets its final
 *  name. `digest` is about one that is there. */
export type HashOrder =
  | {
      readonly kind: 'follow'
      readonly id: number
      readonly file: Content
      readonly blob: string
      readonly final: string
    }
  | { readonly kind: 'reach'; readonly id: number; readonly upTo: number }
  | { readonly kind: 'again'; readonly id: number }
  | { readonly kind: 'drop'; readonly id: number }
  | { readonly kind: 'digest'; readonly id: number; readonly file: Content }

/** A file on disk, and how its hash is taken. */
export type Content = Pick<HubFile, 'path' | 'bytes' | 'hash'>

/** From the hash thread: at the end of a `digest` or of what was followed, but after `wrong` the file may come `again`. */
export type HashNews =
  | { readonly kind: 'right' | 'wrong'; readonly id: number }
  | { readonly kind: 'read'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'digest'; readonly id: number; readonly digits: string }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError }

/** An error on its way to another thread. */
export interface PlainError {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs: number | undefined
}

export function plainError(thrown: unknown): PlainError {
  if (!(thrown instanceof GatewayError)) {
    return { code: 'internal_error', message: messageOf(thrown), retryAfterMs: undefined }
  }
  const { code, message, retryAfterMs } = thrown
  return { code, message, retryAfterMs }
}

export function revived({ code, message, retryAfterMs }: PlainError): GatewayError {
  return new GatewayError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs })
}
