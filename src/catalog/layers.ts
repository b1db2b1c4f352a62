/** What each layer of a model keeps between tokens, as `mlx_lm/models/*.py` makes its caches (0.32.2). Pure. */
import { numberAt, stringAt, stringsAt, type RawConfig } from './raw-config.ts'

/** full: every token · windowed: the last tokens · state: something of constant size · none: nothing. */
export type Layer = 'full' | 'windowed' | 'state' | 'none'

const LAYER_TYPES: Readonly<Record<string, Layer>> = {
  full_attention: 'full',
  attention: 'full',
  sliding_attention: 'windowed',
  chunked_attention: 'windowed',
  linear_attention: 'state',
  mamba: 'state',
  recurrent: 'state',
  conv: 'none',
}

/** nemotron_h's letters. */
const BLOCK_LETTERS: Readonly<Record<string, Layer>> = { '*': 'full', M: 'state' }

/** Every so many layers one is full, where the config leaves the number to mlx_lm. */
const FULL_EVERY: Readonly<Record<string, { readonly every: number; readonly others: Layer }>> = {
  gemma3: { every: 6, others: 'windowed' },
  gemma3_text: { every: 6, others: 'windowed' },
  gemma4: { every: 5, others: 'windowed' },
  gemma4_text: { every: 5, others: 'windowed' },
  gpt_oss: { every: 2, others: 'windowed' },
  cohere2: { every: 4, others: 'windowed' },
  olmo3: { every: 4, others: 'windowed' },
  llama4: { every: 4, others: 'windowed' },
  llama4_text: { every: 4, others: 'windowed' },
  qwen3_next: { every: 4, others: 'state' },
  qwen3_5: { every: 4, others: 'state' },
  qwen3_5_text: { every: 4, others: 'state' },
  qwen3_5_moe: { every: 4, others: 'state' },
}

/** A number of layers beyond any real model is a broken file, not a reason to build a list of it. */
const MOST_LAYERS = 2048

/** One entry per layer that has a cache of its own. `config` is the language model's part; undefined where it has no sound layer count.
 *  1. A list of kinds (`layer_types`) is taken at its word.
 *  2. nemotron_h: a string with a letter per layer.
 *  3. Layers counted out: every Nth full, by the config or by the model type.
 *  4. jamba: one attention layer per period; lfm2: attention at the layers named.
 *  5. Mamba and RWKV: state only.
 *  6. Anything else is full, also where `sliding_window` stands alone: mlx_lm does not heed it there (gemma2, qwen2, mistral).
 *  Layers that share the cache of an earlier one (gemma3n, gemma4: the last `num_kv_shared_layers`) are left out. */
export function layersOf(config: RawConfig): readonly Layer[] | undefined {
  const count = numberAt(config, 'num_hidden_layers', 'n_layer', 'n_layers', 'num_layers')
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > MOST_LAYERS) return undefined
  const kind = layerKind(config)
  const own = Math.max(count - (numberAt(config, 'num_kv_shared_layers') ?? 0), 0)
  return Array.from({ length: own }, (_, index) => kind(index))
}

function layerKind(config: RawConfig): (index: number) => Layer {
  const type = stringAt(config, 'model_type') ?? ''
  const types = stringsAt(config, 'layer_types')
  if (types !== undefined && types.length > 0) return (index) => LAYER_TYPES[types[index] ?? ''] ?? 'full' // 1

  const letters = stringAt(config, 'hybrid_override_pattern')
  if (letters !== undefined) return (index) => BLOCK_LETTERS[letters[index] ?? ''] ?? 'none' // 2

  const usual = FULL_EVERY[type]
  const pattern = numberAt(config, 'sliding_window_pattern')
  if (pattern) return everyNth(pattern, 'windowed') // 3
  const interval = numberAt(config, 'full_attention_interval')
  if (interval) return everyNth(interval, 'state') // 3
  if (usual !== undefined) return everyNth(usual.every, usual.others) // 3

  const period = numberAt(config, 'attn_layer_period')
  if (period) {
    const offset = numberAt(config, 'attn_layer_offset') ?? 0
    return (index) => (index % period === offset ? 'full' : 'state') // 4
  }
  const full = config['full_attn_idxs']
  if (Array.isArray(full)) return (index) => (full.includes(index) ? 'full' : 'none') // 4

  if (/^(falcon_)?mamba|^rwkv/.test(type)) return () => 'state' // 5
  return () => 'full' // 6
}

function everyNth(nth: number, others: Layer): (index: number) => Layer {
  return (index) => ((index + 1) % nth === 0 ? 'full' : others)
}
