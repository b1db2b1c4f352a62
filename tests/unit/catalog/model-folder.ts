/** Model folders of a few hundred bytes, written by hand, and a catalog over them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createCatalog, type Catalog, type CatalogEvent, type CatalogParts } from '../../../src/catalog/catalog.ts'
import { readProfile, type ProfileSettings } from '../../../src/config/config.ts'
import { settings } from '../../../src/config/schema.ts'
import { openStore, type Store } from '../../../src/store/store.ts'

/** A real path, deleted after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlx-gateway-catalog-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface TensorSketch {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly bytes: number
}

/** A safetensors file: u64 LE header length, JSON header, zeros. */
export function safetensors(tensors: Readonly<Record<string, TensorSketch>>): Buffer {
  let end = 0
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const start = end
    end += bytes
    return [name, { dtype, shape, data_offsets: [start, end] }]
  })
  return framed(JSON.stringify({ __metadata__: { format: 'mlx' }, ...Object.fromEntries(entries) }), end)
}

export function framed(header: string, dataBytes: number): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(dataBytes)])
}

export const tinyConfig = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 259,
  max_position_embeddings: 2048,
}

export const tinyWeights = safetensors({
  'model.embed_tokens.weight': { dtype: 'F16', shape: [259, 2], bytes: 1036 },
  'model.norm.weight': { dtype: 'F16', shape: [64], bytes: 128 },
})

type Files = Readonly<Record<string, string | Buffer | object>>

/** A whole chat model; `more` adds or replaces files (objects are written as JSON). Returns the folder. */
export function writeModel(folder: string, more: Files = {}): string {
  return writeFiles(folder, {
    'config.json': tinyConfig,
    'model.safetensors': tinyWeights,
    'tokenizer.json': '{}',
    'tokenizer_config.json': { chat_template: '{{ messages }}' },
    ...more,
  })
}

export function writeFiles(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    const plain = typeof content === 'string' || Buffer.isBuffer(content)
    writeFileSync(join(folder, name), plain ? content : JSON.stringify(content))
  }
  return folder
}

/** A repository in a Hugging Face cache, as huggingface_hub lays it out: the snapshot's files are links to blobs. Returns the snapshot. */
export function writeRepository(cache: string, id: string, revision: string, { main = true } = {}): string {
  const home = join(cache, `models--${id.replace('/', '--')}`)
  const snapshot = join(home, 'snapshots', revision)
  mkdirSync(snapshot, { recursive: true })
  const blobs = writeModel(join(home, 'blobs', revision))
  for (const name of ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']) {
    symlinkSync(join('..', '..', 'blobs', basename(blobs), name), join(snapshot, name))
  }
  if (main) writeFiles(home, { 'refs/main': revision })
  return snapshot
}

export interface CatalogSketch {
  readonly places?: CatalogParts['places']
  /** As a person writes them. */
  readonly fileProfiles?: readonly object[]
  readonly settings?: object
  readonly dataDirectory?: string
}

export interface TestCatalog {
  readonly catalog: Catalog
  readonly events: readonly CatalogEvent[]
  readonly dataDirectory: string
  readonly clock: { now: number }
  readonly store: Store
}

/** A catalog on a real store. */
export function openCatalog(sketch: CatalogSketch = {}): TestCatalog {
  const { places = [], fileProfiles = [], dataDirectory = temporaryFolder() } = sketch
  const events: CatalogEvent[] = []
  const clock = { now: 1_000_000 }
  const store = openStore(dataDirectory)
  onTestFinished(async () => {
    await catalog.close()
    store.close()
  })
  const catalog = createCatalog({
    places,
    dataDirectory,
    settings: settings.parse(sketch.settings ?? {}),
    store,
    fileProfiles: fileProfiles.map(readProfile),
    announce: (event) => events.push(event),
    now: () => clock.now,
  })
  return { catalog, events, dataDirectory, clock, store }
}

export function profileOf(written: object): ProfileSettings {
  return readProfile(written)
}
