"""Makes an MLX model folder of the GGUF file of SmolLM2-135M-Instruct.

    make_starter_model.py SmolLM2-135M-Instruct.Q4_1.gguf NEW_FOLDER

Runs on the Python of an mlx-lm installation. The weights stay as they are, 4-bit in groups of 32.
"""

import json
import re
import sys
from pathlib import Path

import mlx.core as mx
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
GROUP_SIZE, BITS = 32, 4
CONTROL_TOKEN = 3  # in tokenizer.ggml.token_type


def mlx_name(gguf_name):
    """The name of a tensor in MLX, and its kind: blk.3.attn_q.weight is an attn_q."""
    block = re.match(r"blk\.(\d+)\.(\w+)\.(\w+)$", gguf_name)
    if block:
        layer, kind, part = block.groups()
        return f"model.layers.{layer}.{NAMES[kind]}.{part}", kind
    kind, part = gguf_name.rsplit(".", 1)
    return f"{NAMES[kind]}.{part}", kind


def halves_apart(tensor, heads):
    """GGUF interleaves the two halves of each head in the rows of q and k; MLX has one after the other."""
    rows = tensor.shape[0]
    return tensor.reshape(heads, rows // heads // 2, 2, *tensor.shape[1:]).swapaxes(1, 2).reshape(tensor.shape)


def weights_of(tensors, heads, kv_heads):
    weights = {}
    for gguf_name, tensor in tensors.items():
        name, kind = mlx_name(gguf_name)
        if kind in ("attn_q", "attn_k"):
            tensor = halves_apart(tensor, heads if kind == "attn_q" else kv_heads)
        weights[name] = tensor
    return weights


def quantisation_of(weights):
    """Most layers have 4 bits; the token embedding has 8, and config.json must say so."""
    quantisation = {"group_size": GROUP_SIZE, "bits": BITS}
    for name in weights:
        if name.endswith(".scales"):
            layer = name.removesuffix(".scales")
            bits = 32 * weights[f"{layer}.weight"].shape[-1] // (GROUP_SIZE * weights[name].shape[-1])
            if bits != BITS:
                quantisation[layer] = {"group_size": GROUP_SIZE, "bits": bits}
    return quantisation


def config_of(meta, weights):
    return {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": meta["llama.embedding_length"],
        "num_hidden_layers": meta["llama.block_count"],
        "intermediate_size": meta["llama.feed_forward_length"],
        "num_attention_heads": meta["llama.attention.head_count"],
        "num_key_value_heads": meta["llama.attention.head_count_kv"],
        "rms_norm_eps": 1e-5,
        "vocab_size": meta["llama.vocab_size"],
        "max_position_embeddings": meta["llama.context_length"],
        "rope_theta": float(meta["llama.rope.freq_base"]),
        "tie_word_embeddings": "lm_head.weight" not in weights,
        "torch_dtype": "float16",
        "eos_token_id": meta["tokenizer.ggml.eos_token_id"],
        "bos_token_id": meta["tokenizer.ggml.bos_token_id"],
        "quantization": quantisation_of(weights),
    }


def tokenizer_of(meta):
    """Byte-level BPE that takes digits one by one, as the model was trained with."""
    tokens = meta["tokenizer.ggml.tokens"]
    merges = [tuple(pair.split(" ")) for pair in meta["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    kinds = meta["tokenizer.ggml.token_type"].tolist()
    control = [token for token, kind in zip(tokens, kinds) if kind == CONTROL_TOKEN]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    return tokenizer


def tokenizer_config_of(meta, config):
    tokens = meta["tokenizer.ggml.tokens"]
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": tokens[config["eos_token_id"]],
        "bos_token": tokens[config["bos_token_id"]],
        "pad_token": tokens[config["eos_token_id"]],
        "model_max_length": config["max_position_embeddings"],
        "chat_template": meta["tokenizer.chat_template"],
    }


def main(source, folder):
    folder.mkdir(parents=True)
    tensors, meta = mx.load(str(source), return_metadata=True)
    meta = {key: value.item() if isinstance(value, mx.array) and value.size == 1 else value for key, value in meta.items()}
    weights = weights_of(tensors, meta["llama.attention.head_count"], meta["llama.attention.head_count_kv"])
    config = config_of(meta, weights)

    mx.save_safetensors(str(folder / "model.safetensors"), weights, metadata={"format": "mlx"})
    tokenizer_of(meta).save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config_of(meta, config), indent=1))
    (folder / "config.json").write_text(json.dumps(config, indent=1))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
