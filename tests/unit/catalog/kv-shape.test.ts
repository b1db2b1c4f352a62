import { describe, expect, it } from 'vitest'
import { kvShape } from '../../../src/catalog/kv-shape.ts'

const llama8b = {
  model_type: 'llama',
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
}
const plain = (full: number) => expect.objectContaining({ constant: 0, full, windowed: 0 })

describe('full attention', () => {
  it('takes 131,072 bytes per token for Llama 3.1 8B', () => {
    expect(kvShape(llama8b)).toEqual(plain(131_072))
  })

  it('takes 98,304 bytes per token for Qwen3 30B A3B, whose head size is its own', () => {
    const config = { model_type: 'qwen3_moe', hidden_size: 2048, num_hidden_layers: 48, num_attention_heads: 32 }
    expect(kvShape({ ...config, num_key_value_heads: 4, head_dim: 128 })).toEqual(plain(98_304))
  })

  it('takes 23,040 bytes per token for SmolLM2 135M, and twice that in float32', () => {
    const config = { model_type: 'llama', hidden_size: 576, num_hidden_layers: 30, num_attention_heads: 9 }
    expect(kvShape({ ...config, num_key_value_heads: 3 })).toEqual(plain(23_040))
    expect(kvShape({ ...config, num_key_value_heads: 3 }, 4)).toEqual(plain(46_080))
  })

  it('is assumed where a window is named without saying which layers heed it', () => {
    expect(kvShape({ ...llama8b, model_type: 'mistral', sliding_window: 4096 })).toEqual(plain(131_072))
  })

  it('counts every head where none are shared, and one where all share it', () => {
    const gpt = { model_type: 'gpt_bigcode', n_embd: 64, n_layer: 2, n_head: 4 }
    expect(kvShape(gpt)).toEqual(plain(2 * 2 * 64 * 2))
    expect(kvShape({ ...gpt, multi_query: true })).toEqual(plain(2 * 2 * 16 * 2))
  })
})

describe('sliding windows', () => {
  const heads = { hidden_size: 64, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 16 }
  const layer = 2 * 2 * 16 * 2

  it('are counted from a list of layer types', () => {
    const layer_types = ['sliding_attention', 'full_attention', 'sliding_attention']
    const config = { model_type: 'olmo3', num_hidden_layers: 3, sliding_window: 512, layer_types, ...heads }
    expect(kvShape(config)).toEqual({ constant: 0, full: layer, windowed: 2 * layer, window: 512 })
  })

  it('are counted from a pattern that makes every Nth layer full', () => {
    const config = { model_type: 'cohere2', num_hidden_layers: 8, sliding_window: 256, sliding_window_pattern: 4 }
    expect(kvShape({ ...config, ...heads })).toMatchObject({ full: 2 * layer, windowed: 6 * layer, window: 256 })
  })

  it('follow what mlx_lm assumes of a model type whose config is silent', () => {
    const config = { model_type: 'gpt_oss', num_hidden_layers: 36, sliding_window: 128, ...heads }
    expect(kvShape(config)).toMatchObject({ full: 18 * layer, windowed: 18 * layer })
    expect(kvShape({ ...config, model_type: 'llama4_text', attention_chunk_size: 8192 })).toMatchObject({
      full: 9 * layer,
      windowed: 27 * layer,
    })
  })

  it('are found in the text part of a vision model, with the heads that mlx_lm assumes for Gemma 3', () => {
    const text_config = { model_type: 'gemma3_text', hidden_size: 2560, num_hidden_layers: 34, sliding_window: 1024 }
    const row = 2 * 4 * 256 * 2
    expect(kvShape({ model_type: 'gemma3', text_config })).toEqual({
      constant: 0,
      full: 5 * row,
      windowed: 29 * row,
      window: 1024,
    })
  })

  it('leave out the layers that share a cache, and count the other heads of full layers (Gemma 4)', () => {
    const layer_types = ['sliding_attention', 'full_attention', 'sliding_attention', 'full_attention']
    const shared = { layer_types, num_hidden_layers: 4, num_kv_shared_layers: 2, global_head_dim: 64 }
    const config = { model_type: 'gemma4_text', sliding_window: 512, ...shared, ...heads }
    expect(kvShape(config)).toMatchObject({ full: 2 * 2 * 64 * 2, windowed: layer })
    const joined = { ...config, attention_k_eq_v: true, num_global_key_value_heads: 1 }
    expect(kvShape(joined)).toMatchObject({ full: 2 * 1 * 64 * 2, windowed: layer })
  })
})

describe('other caches', () => {
  it('hold one compressed row per token and layer with latent attention', () => {
    const config = { model_type: 'deepseek_v3', num_hidden_layers: 61, kv_lora_rank: 512, qk_rope_head_dim: 64 }
    expect(kvShape(config)).toEqual(plain(61 * 576 * 2))
  })

  it('grow only in every fourth layer of a model with linear attention', () => {
    const linear = {
      linear_num_value_heads: 32,
      linear_num_key_heads: 16,
      linear_key_head_dim: 128,
      linear_value_head_dim: 128,
      linear_conv_kernel_dim: 4,
    }
    const attention = { hidden_size: 2048, num_attention_heads: 16, num_key_value_heads: 2, head_dim: 256 }
    const state = 3 * (2 * 16 * 128 + 32 * 128) * 2 + 32 * 128 * 128 * 4
    const config = { model_type: 'qwen3_next', num_hidden_layers: 48, ...attention, ...linear }
    const expected = { constant: 36 * state, full: 12 * 2 * 2 * 256 * 2, windowed: 0 }
    expect(kvShape(config)).toMatchObject(expected)
    expect(kvShape({ ...config, model_type: 'another', full_attention_interval: 4 })).toMatchObject(expected)
  })

  it('stay the same size for Mamba', () => {
    const config = { model_type: 'mamba', num_hidden_layers: 24, hidden_size: 768, intermediate_size: 1536 }
    const state = 3 * 1536 * 2 + 1536 * 16 * 4
    expect(kvShape({ ...config, state_size: 16, conv_kernel: 4 })).toMatchObject({ constant: 24 * state, full: 0 })
  })

  it('follow the letters of nemotron_h and the periods of jamba', () => {
    const heads = { hidden_size: 64, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 16 }
    const row = 2 * 2 * 16 * 2
    const nemotron = { ...heads, model_type: 'nemotron_h', num_hidden_layers: 5, mamba_num_heads: 2, mamba_head_dim: 8 }
    const letters = { hybrid_override_pattern: 'M-M*-', ssm_state_size: 4, n_groups: 1, conv_kernel: 4 }
    const mamba2 = 3 * (16 + 2 * 4) * 2 + 16 * 4 * 4
    expect(kvShape({ ...nemotron, ...letters })).toMatchObject({ constant: 2 * mamba2, full: row })

    const jamba = { ...heads, model_type: 'jamba', num_hidden_layers: 8, attn_layer_period: 4, attn_layer_offset: 2 }
    const mamba1 = 3 * 128 * 2 + 128 * 16 * 4
    const sizes = { mamba_expand: 2, intermediate_size: 999, mamba_d_state: 16, mamba_d_conv: 4 }
    const { head_dim: _, ...noHeadSize } = jamba
    expect(kvShape({ ...noHeadSize, ...sizes })).toMatchObject({ constant: 6 * mamba1, full: 2 * row })
  })

  it('are only in the attention layers of lfm2', () => {
    const heads = { hidden_size: 64, num_attention_heads: 4, num_key_value_heads: 2 }
    const config = { model_type: 'lfm2', num_hidden_layers: 4, full_attn_idxs: [1, 3], ...heads }
    expect(kvShape(config)).toEqual(plain(2 * 2 * 2 * 16 * 2))
  })
})

describe('a config that does not say enough', () => {
  it.each([
    ['nothing at all', {}],
    ['no heads', { model_type: 'x', num_hidden_layers: 4 }],
    ['layers of no sound number', { ...llama8b, num_hidden_layers: 1e12 }],
    ['layers as text', { ...llama8b, num_hidden_layers: '32' }],
  ])('has no shape: %s', (_, config) => {
    expect(kvShape(config)).toBeUndefined()
  })
})
