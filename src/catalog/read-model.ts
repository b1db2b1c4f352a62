/** Reads a model folder: is it whole, and what is it. */
import { readFile, realpath } from 'node:fs/promises'
import { GatewayError, messageOf } from '../errors.ts'
import { factsOf } from './facts.ts'
import { filesOf, isInside, isWeights, MissingPart, type FolderFile, type Roots } from './folder.ts'
import type { Model, ModelFacts, ModelSource } from './model.ts'
import { isObject, objectAt, stringAt, type RawConfig } from './raw-config.ts'
import { readTensors, type Tensor } from './safetensors.ts'

/** What a model is asked for by, and where it was found. */
export interface Identity {
  readonly id: string
  readonly source: ModelSource
}

const NUMBERED = /^(model.*)-\d{5}-of-(\d{5})\.safetensors$/
/** `tokenizer_config.json` names every added token; the largest in use have some megabytes. */
const MAX_TEXT = 32 * 1024 ** 2

/** The model in a folder. Throws GatewayError `model_load_failed` that says what is missing or broken, also where a file
 *  or the folder itself leads out of the roots. */
export async function readModelFolder(path: string, identity: Identity, roots: Roots = 'anywhere'): Promise<Model> {
  try {
    const { folder, files } = await openFolder(path, roots)
    return { id: identity.id, source: identity.source, path: folder, facts: await readFacts(files) }
  } catch (cause) {
    throw unloadable(identity.id, cause)
  }
}

/** The reason in a sentence that names the model. */
export function unloadable(id: string, cause: unknown): GatewayError {
  return new GatewayError('model_load_failed', `Model "${id}" cannot be loaded: ${messageOf(cause)}.`, { cause })
}

/** Where a folder really is, and the files in it. This and `readFacts` throw GatewayError `model_load_failed` with the bare reason. */
export async function openFolder(
  path: string,
  roots: Roots,
): Promise<{ folder: string; files: readonly FolderFile[] }> {
  const folder = await realpath(path).catch((cause: unknown) => {
    throw fault(`there is no folder ${path}`, cause)
  })
  if (!isInside(folder, roots)) throw fault(`${path} lies outside the model folders`)
  return { folder, files: await filesOf(folder, roots) }
}

/** Reads the configuration and the headers of the weights. */
export async function readFacts(files: readonly FolderFile[]): Promise<ModelFacts> {
  const config = await readObject(files, 'config.json')
  if (config === undefined) throw new MissingPart('config.json is missing')
  const tokenizerConfig = (await readObject(files, 'tokenizer_config.json')) ?? {}
  return factsOf({
    config,
    tokenizerConfig,
    tensors: await readWeights(files),
    chatTemplate: await chatTemplateOf(files, tokenizerConfig),
    fileNames: files.map(({ name }) => name),
  })
}

/** Every tensor of every shard. mlx_lm loads what matches `model*.safetensors`; what an index or the shards' own numbering
 *  promises must be there. */
async function readWeights(files: readonly FolderFile[]): Promise<readonly Tensor[]> {
  const shards = files.filter(({ name }) => isWeights(name))
  const missing = await missingShards(files)
  if (missing.length > 0) {
    throw new MissingPart(`${missing.length} of its weight files are missing, the first is ${missing[0]}`)
  }
  if (shards.length === 0) throw fault('it has no model*.safetensors; MLX servers load no other format')

  const tensors: Tensor[] = []
  for (const { name, path } of shards) {
    try {
      tensors.push(...(await readTensors(path)))
    } catch (cause) {
      throw fault(`${name} cannot be used: ${messageOf(cause)}`, cause)
    }
  }
  return tensors
}

/** The weight files that are promised and not there. */
export async function missingShards(files: readonly FolderFile[]): Promise<readonly string[]> {
  const shards = files.filter(({ name }) => isWeights(name))
  const present = new Set(shards.map(({ name }) => name))
  return (await promisedShards(files, shards)).filter((name) => !present.has(name))
}

async function promisedShards(files: readonly FolderFile[], shards: readonly FolderFile[]): Promise<readonly string[]> {
  const promised = new Set<string>()
  const map = objectAt((await readObject(files, 'model.safetensors.index.json')) ?? {}, 'weight_map')
  for (const name of Object.values(map ?? {})) promised.add(String(name))
  for (const { name } of shards) {
    const [, stem, count] = NUMBERED.exec(name) ?? []
    for (let shard = 1; shard <= Number(count ?? 0); shard++) {
      promised.add(`${stem}-${String(shard).padStart(5, '0')}-of-${count}.safetensors`)
    }
  }
  return [...promised].sort()
}

/** Its text, from a file of its own or from the tokenizer's configuration, where it may be a list of named ones. */
async function chatTemplateOf(files: readonly FolderFile[], tokenizerConfig: RawConfig): Promise<string | undefined> {
  const own = await readText(files, 'chat_template.jinja')
  if (own !== undefined) return own
  const inner = (await readObject(files, 'chat_template.json'))?.['chat_template'] ?? tokenizerConfig['chat_template']
  if (typeof inner === 'string') return inner
  return Array.isArray(inner)
    ? inner.map((entry) => (isObject(entry) ? stringAt(entry, 'template') : '')).join('\n')
    : undefined
}

async function readObject(files: readonly FolderFile[], name: string): Promise<RawConfig | undefined> {
  const text = await readText(files, name)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw fault(`${name} is not JSON`, cause)
  }
  if (!isObject(value)) throw fault(`${name} is not a JSON object`)
  return value
}

async function readText(files: readonly FolderFile[], name: string): Promise<string | undefined> {
  const file = files.find((file) => file.name === name)
  if (file === undefined) return undefined
  if (file.bytes > MAX_TEXT) throw fault(`${name} is larger than any of its kind`)
  return readFile(file.path, 'utf8')
}

export function fault(what: string, cause?: unknown): GatewayError {
  return new GatewayError('model_load_failed', what, { cause })
}
