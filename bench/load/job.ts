/** What the load generator can be asked for, and what it says afterwards. All times in milliseconds. */

export interface Target {
  readonly port: number
  readonly model: string
  readonly key: string | undefined
}

export type Job =
  /** One stream, to see that every chunk arrives; the first request may wait for the model. */
  | { readonly kind: 'check'; readonly target: Target }
  /** Answers that are not streamed, one after the other on each connection. */
  | {
      readonly kind: 'requests'
      readonly target: Target
      readonly connections: number
      readonly bodyBytes: number
      readonly forMs: number
    }
  /** Streams side by side, each followed by another until the time is up. */
  | {
      readonly kind: 'paced'
      readonly target: Target
      readonly streams: number
      readonly chunks: number
      readonly gapMs: number
      readonly forMs: number
    }
  /** Streams side by side, as fast as they come, each once. */
  | { readonly kind: 'unpaced'; readonly target: Target; readonly streams: number; readonly chunks: number }
  /** Opens slow streams and says so when each has had its first chunk; `release` lets them go. */
  | { readonly kind: 'hold'; readonly target: Target; readonly streams: number; readonly gapMs: number }
  | { readonly kind: 'release' }

export interface Measured {
  /** Everything done in this job, warming up included: what processor time is to be divided by. */
  readonly count: number
  readonly perSecond?: number
  /** Of a whole answer, or of the first chunk of a stream. */
  readonly p50?: number
  readonly p99?: number
  /** From sending to arrival of a chunk. */
  readonly chunkP50?: number
  readonly chunkP99?: number
}

export type Outcome =
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly message: string }
