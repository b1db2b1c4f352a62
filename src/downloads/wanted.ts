/** Which files of a repository an engine needs. Pure. */
import { isWeights } from '../catalog/catalog.ts'

/** What `mlx_lm` asks the hub for (mlx_lm/utils.py, `_download`, 0.32.2), so that Python finds everything it would fetch itself. Other
 *  weights (PyTorch, GGUF, `consolidated.safetensors`) are left where they are. */
const NEEDED = [/\.(?:json|jsonl|jinja|py|tiktoken|txt)$/, /^(?:.*\/)?tokenizer\.model$/]
/** The same model once more, for other programs. */
const FOREIGN = /^(?:onnx|openvino|coreml|gguf|original|tensorrt|ggml|tflite)\//i

/** The largest models have a few hundred; each costs memory and requests for as long as the download is on its way. */
export const MOST_FILES = 5_000

export function isNeeded(path: string): boolean {
  return !FOREIGN.test(path) && (isWeights(path) || NEEDED.some((pattern) => pattern.test(path)))
}

/** Whether these are the files of a model that an MLX server can load. */
export function hasWeights(paths: readonly string[]): boolean {
  return paths.some(isWeights) && paths.includes('config.json')
}
