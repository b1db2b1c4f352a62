/** A model: weights on disk, and what they say of themselves. */

export type ModelSource = 'huggingface' | 'folder' | 'lmstudio' | 'starter'
export type Capability = 'chat' | 'completion' | 'vision' | 'embedding' | 'tools'

export interface Model {
  /** What it is asked for by: its repo id (`owner/name`), or its folder's name. */
  readonly id: string
  readonly source: ModelSource
  /** Absolute real path of the folder that an engine loads. */
  readonly path: string
  readonly facts: ModelFacts
}

/** Read from `config.json` and the safetensors headers. Sizes in bytes. */
export interface ModelFacts {
  readonly modelType: string
  readonly weightsBytes: number
  /** `4-bit`, `8-bit`, `mixed`, or the dtype (`float16`). */
  readonly quantization: string
  /** Tokens the model was trained to see. */
  readonly contextLength: number | undefined
  readonly vocabSize: number | undefined
  /** Growth of the key-value cache per token beyond any window, and per token within the sliding window. */
  readonly kv: KvShape
  readonly capabilities: readonly Capability[]
  /** True where the folder wants to run Python code of its own. */
  readonly remoteCode: boolean
}

/** Bytes of cache for T tokens = constant + full × T + windowed × min(T, window). */
export interface KvShape {
  readonly constant: number
  readonly full: number
  readonly windowed: number
  readonly window: number
}
