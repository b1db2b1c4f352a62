/** Which files of a repository an engine needs. Pure. */

/** What `mlx_lm` asks the hub for (mlx_lm/utils.py, `_download`, 0.32.2), so that Python finds everything it would fetch itself. Other
 *  weights (PyTorch, GGUF, `consolidated.safetensors`) are left where they are. */
const NEEDED = [/^model[^/]*\.safetensors$/, /\.(?:json|jsonl|jinja|py|tiktoken|txt)$/, /^(?:.*\/)?tokenizer\.model$/]
/** The same model once more, for other programs. */
const FOREIGN = /^(?:onnx|openvino|coreml|gguf|original|tensorrt|ggml|tflite)\//i
const WEIGHTS = /^model[^/]*\.safetensors$/

export function isNeeded(path: string): boolean {
  return !FOREIGN.test(path) && NEEDED.some((pattern) => pattern.test(path))
}

/** Whether these are the files of a model that an MLX server can load. */
export function hasWeights(paths: readonly string[]): boolean {
  return paths.some((path) => WEIGHTS.test(path)) && paths.includes('config.json')
}
