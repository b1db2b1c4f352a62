/** How much memory a served model needs. Pure; all sizes in bytes. */
import type { KvShape, ModelFacts } from './model.ts'
import type { Served } from './profile.ts'
import { isStarter, STARTER } from './starter.ts'

const MEBIBYTE = 1024 ** 2
/** Tokens that mlx_lm reads at once (`--prefill-step-size`); a sliding window holds them besides its own. */
const PREFILL_STEP = 2048
/** Caches grow by so many tokens at once (mlx_lm/models/cache.py). */
const CACHE_STEP = 256
/** Tokens reckoned with for a model, unless its profile says otherwise. */
const USUAL_CONTEXT = 8192
/** Interpreter, tokenizer, buffers; 140 MB measured with a small model. */
const PROCESS_BYTES = 250 * MEBIBYTE
/** Whole contexts reckoned with at once; a server with more requests than that seldom has them all full. */
const FULL_SEQUENCES = 2
/** Finished contexts that the prompt cache keeps, reckoned as whole ones. */
const KEPT_SEQUENCES = 1

/** For a config that does not say enough: an eighth of the weights, at most 6 GB (the rule of ddalcu/mlx-serve). */
export function unknownKv(weightsBytes: number): KvShape {
  return { constant: Math.min(Math.ceil(weightsBytes / 8), 6 * 1024 ** 3), full: 0, windowed: 0, window: 0 }
}

/** Cache of one sequence of so many tokens. */
export function sequenceBytes(kv: KvShape, tokens: number): number {
  const held = Math.ceil(tokens / CACHE_STEP) * CACHE_STEP
  return kv.constant + kv.full * held + kv.windowed * Math.min(held, kv.window + PREFILL_STEP - 1)
}

/** Bytes to set aside for the server of a profile.
 *  1. The profile says how much.
 *  2. The starter model before it has been fetched: what it will be.
 *  3. Nothing is known of the model (engine `command` without a folder): `fallbackBytes`.
 *  4. weights (the draft model's too) + the process + caches of up to two full contexts and a kept one + what prefill needs for a
 *     moment (a quarter of the caches, at least 100 MB). */
export function reservation(served: Served, fallbackBytes: number): number {
  return served.profile.memory ?? needOfServed(served)?.bytes ?? fallbackBytes // 1, 3
}

/** By its weights and caches alone, whatever the profile says; undefined where nothing is known of the model. */
export function needOfServed({ profile, model, draft }: Served): Need | undefined {
  const facts = model?.facts ?? (isStarter(profile) ? STARTER : undefined) // 2
  if (facts === undefined) return undefined
  return needOf(draft === undefined ? [facts] : [facts, draft.facts], profile) // 4
}

export interface Need {
  readonly bytes: number
  readonly weightsBytes: number
  /** Caches for contexts of so many tokens. */
  readonly cacheBytes: number
  readonly context: number
}

type Weighed = Pick<ModelFacts, 'weightsBytes' | 'kv'> & { readonly contextLength?: number | undefined }

/** What a model, and the draft model after it, need of memory; of that, what is cache for contexts of so many tokens. */
export function needOf(
  models: readonly Weighed[],
  use: { readonly context?: number | undefined; readonly concurrency: number },
): Need {
  const context = use.context ?? Math.min(models[0]?.contextLength ?? USUAL_CONTEXT, USUAL_CONTEXT)
  const sequences = Math.min(use.concurrency, FULL_SEQUENCES) + KEPT_SEQUENCES
  const weightsBytes = models.reduce((sum, model) => sum + model.weightsBytes, 0)
  const cacheBytes = models.reduce((sum, { kv }) => sum + sequenceBytes(kv, context), 0) * sequences
  const bytes = Math.ceil(weightsBytes + PROCESS_BYTES + cacheBytes + Math.max(cacheBytes / 4, 100 * MEBIBYTE))
  return { bytes, weightsBytes, cacheBytes, context }
}
