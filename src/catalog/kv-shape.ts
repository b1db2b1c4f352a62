/** What a model's key-value cache takes, reckoned from its `config.json`. Pure; sizes in bytes. */
import { layersOf } from './layers.ts'
import type { KvShape } from './model.ts'
import { numberAt, numberOr, stringAt, textConfig, type RawConfig } from './raw-config.ts'

/** Recurrent states are kept in float32 (mlx_lm/models/gated_delta.py). */
const STATE_BYTES = 4
/** Where a windowed model does not name its window; larger than any that mlx_lm assumes but llama4's. */
const USUAL_WINDOW = 4096

/** What a sequence's key-value cache takes, from a `config.json`; `elementBytes`: 2 for float16 and bfloat16, 4 for float32.
 *  Undefined where the config does not say enough.
 *  - attention: 2 × key-value heads × head size per token and layer, without limit or up to the window
 *  - latent attention (deepseek, kimi): one compressed row per token and layer
 *  - linear attention and Mamba: a state of constant size per layer */
export function kvShape(config: RawConfig, elementBytes = 2): KvShape | undefined {
  const text = textConfig(config)
  const layers = layersOf(text)
  if (layers === undefined) return undefined
  const count = { full: 0, windowed: 0, state: 0, none: 0 }
  for (const layer of layers) count[layer] += 1

  const full = rowElements(text, true)
  const windowed = rowElements(text, false)
  if ((count.full > 0 && full === undefined) || (count.windowed > 0 && windowed === undefined)) return undefined
  const state = numberAt(text, 'linear_num_value_heads') === undefined ? mambaBytes : deltaBytes
  return {
    constant: count.state * state(text, elementBytes),
    full: count.full * (full ?? 0) * elementBytes,
    windowed: count.windowed * (windowed ?? 0) * elementBytes,
    window: numberOr(text, USUAL_WINDOW, 'sliding_window', 'attention_chunk_size', 'window_size'),
  }
}

/** Elements that one token adds to one attention layer. */
function rowElements(config: RawConfig, full: boolean): number | undefined {
  const latent = numberAt(config, 'kv_lora_rank')
  if (latent) return latent + numberOr(config, 0, 'qk_rope_head_dim') + numberOr(config, 0, 'index_head_dim')

  const usual = USUAL_HEADS[stringAt(config, 'model_type') ?? '']
  const heads = numberAt(config, 'num_attention_heads', 'n_head', 'n_heads') ?? usual?.heads
  const size = headSize(config, heads, full) ?? usual?.size
  const own = numberAt(config, 'num_key_value_heads', 'n_head_kv', 'num_kv_heads') ?? usual?.keyValueHeads
  const keyValueHeads = sharedHeads(config, full) ?? own ?? heads
  return size === undefined || keyValueHeads === undefined ? undefined : 2 * keyValueHeads * size
}

/** gemma4's full layers have heads of another size than its windowed ones. */
function headSize(config: RawConfig, heads: number | undefined, full: boolean): number | undefined {
  const named = numberAt(config, ...(full ? ['global_head_dim', 'head_dim'] : ['head_dim']))
  if (named) return named
  const hidden = numberAt(config, 'hidden_size', 'n_embd', 'd_model')
  const usual = USUAL_HEADS[stringAt(config, 'model_type') ?? '']
  return usual === undefined && hidden !== undefined && heads ? Math.floor(hidden / heads) : undefined
}

/** Where keys and values are one (gemma4), or all heads share a single pair of them (multi-query). */
function sharedHeads(config: RawConfig, full: boolean): number | undefined {
  if (full && config['attention_k_eq_v'] === true) return numberAt(config, 'num_global_key_value_heads')
  return config['multi_query'] === true ? 1 : undefined
}

/** What mlx_lm assumes where a config leaves it out (Gemma 3's vision models do). */
const USUAL_HEADS: Readonly<Record<string, { heads: number; keyValueHeads: number; size: number }>> = {
  gemma3: { heads: 8, keyValueHeads: 4, size: 256 },
  gemma3_text: { heads: 8, keyValueHeads: 4, size: 256 },
}

/** The state of one linear-attention layer: a convolution's last inputs, and a matrix per head. */
function deltaBytes(config: RawConfig, elementBytes: number): number {
  const keySize = numberOr(config, 0, 'linear_key_head_dim')
  const values = numberOr(config, 0, 'linear_num_value_heads') * numberOr(config, 0, 'linear_value_head_dim')
  const inputs = 2 * numberOr(config, 0, 'linear_num_key_heads') * keySize + values
  const kernel = numberOr(config, 4, 'linear_conv_kernel_dim')
  return (kernel - 1) * inputs * elementBytes + values * keySize * STATE_BYTES
}

/** The state of one Mamba layer, of the first kind or the second: the same two parts. */
function mambaBytes(config: RawConfig, elementBytes: number): number {
  const heads = numberOr(config, 0, 'mamba_num_heads', 'mamba_n_heads', 'num_heads')
  const headSize = numberOr(config, 0, 'mamba_head_dim', 'mamba_d_head', 'head_dim')
  const expanded = numberOr(config, 0, 'mamba_expand', 'expand') * numberOr(config, 0, 'hidden_size', 'd_model')
  const inner = heads * headSize || expanded || numberOr(config, 0, 'intermediate_size', 'd_inner')
  const state = numberOr(config, 16, 'ssm_state_size', 'mamba_d_state', 'state_size', 'd_state')
  const inputs = inner + 2 * numberOr(config, 0, 'n_groups', 'mamba_n_groups') * state
  const kernel = numberOr(config, 4, 'conv_kernel', 'mamba_d_conv', 'd_conv')
  return Math.max(kernel - 1, 0) * inputs * elementBytes + inner * state * STATE_BYTES
}
