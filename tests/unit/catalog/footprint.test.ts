import { describe, expect, it } from 'vitest'
import { reservation, sequenceBytes, unknownKv } from '../../../src/catalog/footprint.ts'
import type { KvShape, Model } from '../../../src/catalog/model.ts'
import { toProfile, type Profile } from '../../../src/catalog/profile.ts'
import { settings } from '../../../src/config/schema.ts'
import { profileOf } from './model-folder.ts'

const MiB = 1024 ** 2
const FALLBACK = 2048 * MiB
const kv: KvShape = { constant: 0, full: 1000, windowed: 0, window: 0 }

function modelOf(weightsBytes: number, more: Partial<Model['facts']> = {}): Model {
  const facts = { modelType: 'llama', quantization: '4-bit', vocabSize: 100, capabilities: [], remoteCode: false }
  return {
    id: 'm',
    source: 'folder',
    path: '/m',
    facts: { ...facts, weightsBytes, contextLength: 131_072, kv, ...more },
  }
}

function served(written: object = {}): Profile {
  return toProfile(profileOf({ name: 'p', model: '/m', ...written }), 'file', settings.parse({}).scheduling)
}

/** What is set aside for the caches of a model without weights. */
const cachesOf = (profile: Profile, contextLength: number) =>
  reservation({ profile, model: modelOf(0, { contextLength }) }, FALLBACK) - 350 * MiB

describe('a sequence', () => {
  it('grows in steps of 256 tokens', () => {
    expect(sequenceBytes(kv, 1)).toBe(256_000)
    expect(sequenceBytes(kv, 257)).toBe(512_000)
  })

  it('grows no further in windowed layers than the window and one step of the prompt', () => {
    const windowed = { constant: 7, full: 10, windowed: 1000, window: 512 }
    expect(sequenceBytes(windowed, 512)).toBe(7 + 10 * 512 + 1000 * 512)
    expect(sequenceBytes(windowed, 100_352)).toBe(7 + 10 * 100_352 + 1000 * (512 + 2047))
  })
})

describe('a reservation', () => {
  it('is what the profile says, whatever the model', () => {
    expect(reservation({ profile: served({ memory: '300MB' }), model: modelOf(5e9) }, FALLBACK)).toBe(300 * MiB)
  })

  it('falls back where nothing is known of the model', () => {
    const profile = served({ engine: 'command', command: ['serve', '${port}'], model: 'x.gguf' })
    expect(reservation({ profile, model: undefined }, FALLBACK)).toBe(FALLBACK)
  })

  it('is weights, process, three contexts of 8,192 tokens and a quarter of those for reading a prompt', () => {
    const caches = 3 * 8192 * 1_000_000
    const model = modelOf(5e9, { kv: { ...kv, full: 1_000_000 } })
    expect(reservation({ profile: served(), model }, FALLBACK)).toBe(5e9 + 250 * MiB + caches * 1.25)
  })

  it('keeps at least 100 MB for reading a prompt', () => {
    const caches = 3 * 8192 * 1000
    expect(reservation({ profile: served(), model: modelOf(5e9) }, FALLBACK)).toBe(5e9 + 350 * MiB + caches)
  })

  it('follows the context of the profile, else a shorter one of the model, and a concurrency of one', () => {
    expect(cachesOf(served({ context: 16_384 }), 4096)).toBe(3 * 16_384 * 1000)
    expect(cachesOf(served(), 4096)).toBe(3 * 4096 * 1000)
    expect(cachesOf(served({ concurrency: 1 }), 4096)).toBe(2 * 4096 * 1000)
  })

  it('counts the draft model as well', () => {
    const model = modelOf(1e9, { contextLength: 256 })
    const one = reservation({ profile: served(), model }, FALLBACK)
    const both = reservation({ profile: served(), model, draft: model }, FALLBACK)
    expect(both - one).toBe(1e9 + 3 * 256_000)
  })

  it('is the same for the starter before and after it has been fetched', () => {
    const profile = served({ model: 'smollm2-135m-instruct' })
    const kv = { constant: 0, full: 23_040, windowed: 0, window: 0 }
    const model = modelOf(98_400_000, { contextLength: 8192, kv })
    expect(reservation({ profile, model: undefined }, FALLBACK)).toBe(reservation({ profile, model }, FALLBACK))
  })

  it('takes an eighth of the weights, at most 6 GB, for a cache of unknown shape', () => {
    expect(unknownKv(8e9).constant).toBe(1e9)
    expect(unknownKv(800e9).constant).toBe(6 * 1024 ** 3)
  })
})
