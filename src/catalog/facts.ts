/** What a model is and can do, from its configuration and its tensors. Pure. */
import { unknownKv } from './footprint.ts'
import { kvShape } from './kv-shape.ts'
import type { Capability, ModelFacts } from './model.ts'
import { isObject, numberAt, objectAt, stringAt, stringsAt, textConfig, type RawConfig } from './raw-config.ts'
import type { Tensor } from './safetensors.ts'

/** Everything that is read from a model folder. */
export interface ModelParts {
  readonly config: RawConfig
  readonly tokenizerConfig: RawConfig
  readonly tensors: readonly Tensor[]
  /** Text of the chat template, wherever it stood. */
  readonly chatTemplate: string | undefined
  readonly fileNames: readonly string[]
}

export function factsOf(parts: ModelParts): ModelFacts {
  const { config, tokenizerConfig, tensors } = parts
  const weightsBytes = tensors.reduce((sum, { bytes }) => sum + bytes, 0)
  const dtype = commonDtype(tensors)
  const facts = configFacts(config, weightsBytes, DTYPE_NAMES[dtype ?? ''])
  return {
    ...facts,
    vocabSize: facts.vocabSize ?? rowsOfEmbedding(tensors),
    capabilities: capabilitiesOf(parts),
    remoteCode: facts.remoteCode || tokenizerConfig['auto_map'] !== undefined,
  }
}

/** What can be said of a model from its configuration alone. */
export type RemoteFacts = Omit<ModelFacts, 'capabilities'>

/** Of a model that is not here: by its `config.json` and what its weights take. A configuration that is none says little. */
export function remoteFacts(config: unknown, weightsBytes: number): RemoteFacts {
  const known = isObject(config) ? config : {}
  const text = textConfig(known)
  const named = new Set([known, text].flatMap((part) => [stringAt(part, 'dtype'), stringAt(part, 'torch_dtype')]))
  const dtype = Object.values(DTYPE_NAMES).find((name) => named.has(name))
  return configFacts(known, weightsBytes, dtype)
}

/** `dtype`: the floating-point type that it reckons in, if known. */
function configFacts(config: RawConfig, weightsBytes: number, dtype: string | undefined): RemoteFacts {
  const text = textConfig(config)
  return {
    modelType: stringAt(config, 'model_type') ?? 'unknown',
    weightsBytes,
    quantization: quantizationOf(config, dtype),
    contextLength: numberAt(text, 'max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'),
    vocabSize: numberAt(text, 'vocab_size', 'padded_vocab_size'),
    kv: kvShape(config, dtype === 'float32' ? 4 : 2) ?? unknownKv(weightsBytes),
    remoteCode: config['auto_map'] !== undefined || config['model_file'] !== undefined,
  }
}

const DTYPE_NAMES: Readonly<Record<string, string>> = {
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
}

/** The floating-point type that most bytes are in: in a quantised model, that of its scales, which is the one it reckons in. */
function commonDtype(tensors: readonly Tensor[]): string | undefined {
  const bytes = new Map<string, number>()
  for (const { dtype, bytes: more } of tensors) {
    if (dtype in DTYPE_NAMES) bytes.set(dtype, (bytes.get(dtype) ?? 0) + more)
  }
  return [...bytes].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** MLX writes `quantization: { bits, group_size, <layer>: { bits } | false }`; other tools write `quantization_config`. */
function quantizationOf(config: RawConfig, dtype: string | undefined): string {
  const section = objectAt(config, 'quantization') ?? objectAt(config, 'quantization_config')
  const bits = section === undefined ? undefined : numberAt(section, 'bits')
  if (section !== undefined && bits !== undefined) {
    const exceptions = Object.values(section).filter(isObject)
    return exceptions.some((layer) => numberAt(layer, 'bits') !== bits) ? 'mixed' : `${bits}-bit`
  }
  const method = section === undefined ? undefined : stringAt(section, 'quant_method')
  return method ?? dtype ?? 'unknown'
}

/** Some configurations (Gemma 3's) leave it out; the embedding has one row per token. */
function rowsOfEmbedding(tensors: readonly Tensor[]): number | undefined {
  return tensors.find(({ name }) => /(embed_tokens|wte|word_embeddings)\.weight$/.test(name))?.shape[0]
}

const EMBEDDING_TYPES = /^((xlm-)?roberta|(distil|al|modern|nomic_|jina_?)?bert|mpnet|gte|new|colbert|bge)/
const GENERATOR = /(ForCausalLM|ForConditionalGeneration|LMHeadModel)$/
const SPEECH_TYPES = /^(whisper|parakeet|wav2vec|kokoro|encodec|snac|musicgen|bark|speech)/
const TOKENIZER_FILE = /^(tokenizer\.(json|model)|tokenizer_config\.json|vocab\.json|.*\.tiktoken)$/

/** 1. Without a tokenizer, or made for speech: nothing that can be asked for here.
 *  2. A text encoder, by its type, its architecture or sentence-transformers' `modules.json`: embeddings.
 *  3. Anything else generates text; it chats with a chat template, calls tools where the template knows them, and sees where there is
 *     a vision part. */
function capabilitiesOf({ config, chatTemplate, fileNames }: ModelParts): readonly Capability[] {
  const type = stringAt(config, 'model_type') ?? ''
  if (SPEECH_TYPES.test(type) || !fileNames.some((name) => TOKENIZER_FILE.test(name))) return [] // 1

  const architectures = stringsAt(config, 'architectures') ?? []
  const encoder = architectures.length > 0 && !architectures.some((name) => GENERATOR.test(name))
  if (EMBEDDING_TYPES.test(type) || fileNames.includes('modules.json')) return ['embedding'] // 2
  if (encoder && architectures.every((name) => name.endsWith('Model'))) return ['embedding'] // 2

  const capabilities: Capability[] = ['completion'] // 3
  if (chatTemplate !== undefined) capabilities.unshift('chat')
  if (chatTemplate !== undefined && /\btools\b/.test(chatTemplate)) capabilities.push('tools')
  if (objectAt(config, 'vision_config') !== undefined) capabilities.push('vision')
  return capabilities
}
