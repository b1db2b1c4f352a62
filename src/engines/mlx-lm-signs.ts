/** The failure lines of mlx_lm.server and what they mean, as recorded from versions 0.28 to 0.32.2. */
import { COMMON_SIGNS, type Sign } from './diagnosis.ts'

const broken = 'The model’s folder is broken'

/** In order of weight: a cause before what follows from it. */
export const MLX_LM_SIGNS: readonly Sign[] = [
  ...COMMON_SIGNS,
  {
    pattern: /Model type (\S+) not supported/,
    kind: 'permanent',
    reason: 'This version of mlx-lm does not support models of type "$1".',
  },
  { pattern: /No safetensors found/, kind: 'permanent', reason: `${broken}: it has no safetensors files.` },
  {
    pattern: /\[load_safetensors\]|invalid data offsets|incomplete download or corrupt file/,
    kind: 'permanent',
    reason: `${broken}: its weights are cut off or corrupt. Download it again.`,
  },
  {
    pattern: /(Expected shape [\d(), ]+ but received shape [\d(), ]+\d\)?)/,
    kind: 'permanent',
    reason: `${broken}: its weights do not fit its config.json ($1).`,
  },
  {
    pattern: /(Received \d+ parameters not in model|Missing \d+ parameters)/,
    kind: 'permanent',
    reason: `${broken}, or made for another version of mlx-lm ($1).`,
  },
  // Anchored: a request's own bad JSON is logged too, as "JSONDecodeError: … Raw body".
  {
    pattern: /^json\.decoder\.JSONDecodeError: ([^:]*: line \d+ column \d+ \(char \d+\))/,
    kind: 'permanent',
    reason: `${broken}: one of its JSON files cannot be read ($1).`,
  },
  {
    pattern: /instantiate the backend tokenizer|sentencepiece or tiktoken/,
    kind: 'permanent',
    reason: `${broken}: it has no tokenizer that can be read.`,
  },
  {
    pattern: /HFValidationError|Repo id must be/,
    kind: 'permanent',
    reason: 'The model’s folder, or that of its adapter or draft model, is not there.',
  },
  {
    pattern: /Repository Not Found|LocalEntryNotFoundError|OfflineModeIsEnabled|offline mode is enabled/,
    kind: 'permanent',
    reason: 'The model is not on this machine. Download it first.',
  },
  {
    pattern:
      /requires importing and running a custom module|Pass trust_remote_code|pass the argument `?trust_remote_code/,
    kind: 'permanent',
    reason: 'The model wants to run Python code of its own. Set models.allowRemoteCode if you trust it.',
  },
  // ml-explore/mlx-lm #1589
  {
    pattern: /not allowed to raise maximum limit/,
    kind: 'permanent',
    reason:
      'mlx-lm needs a hard limit of at least 4096 open files: raise it with ulimit -Hn, or in the service’s definition.',
  },
  {
    pattern: /^(?:ModuleNotFoundError|ImportError): (.{1,200})/,
    kind: 'permanent',
    reason: 'The engine’s installation is damaged ($1). Install it again: mlx-gateway engines install mlx-lm.',
  },
  // ml-explore/mlx-lm #1672
  {
    pattern: /\[metal::malloc\] Resource limit/,
    kind: 'transient',
    reason: 'It held more GPU buffers than macOS allows.',
  },
  // ml-explore/mlx-lm #1181
  {
    pattern: /There is no Stream\(gpu/,
    kind: 'transient',
    reason: 'Its generation thread lost its GPU stream, a fault of some mlx versions.',
  },
  // The second up to 0.32.0
  {
    pattern: /generation thread died|Exception in thread .*\(_generate\)/,
    kind: 'transient',
    reason: 'Its generation thread died.',
  },
]
