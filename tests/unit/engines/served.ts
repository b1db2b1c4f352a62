/** Profiles and models to hand to an engine. */
import type { Model, Profile, Served } from '../../../src/catalog/catalog.ts'
import { settings, type ProfileSettings } from '../../../src/config/schema.ts'

export const defaults = settings.parse({})

export function aModel(facts: Partial<Model['facts']> = {}): Model {
  return {
    id: 'org/small',
    source: 'folder',
    path: '/models/small',
    facts: {
      modelType: 'llama',
      weightsBytes: 1_000_000,
      quantization: '4-bit',
      contextLength: 4096,
      vocabSize: 320,
      kv: { constant: 0, full: 100, windowed: 0, window: 0 },
      capabilities: ['chat'],
      remoteCode: false,
      ...facts,
    },
  }
}

function aProfile(settings: Partial<Profile> = {}): Profile {
  const plain: ProfileSettings = {
    name: 'small',
    aliases: [],
    engine: 'mlx-lm',
    arguments: [],
    environment: {},
    defaults: {},
    force: {},
    pinned: false,
    preload: false,
  }
  return { ...plain, origin: 'store', idle: 0, concurrency: 8, ...settings }
}

export function served(settings: Partial<Profile> = {}, model: Model | undefined = aModel()): Served {
  return { profile: aProfile(settings), model }
}

export const never: AbortSignal = new AbortController().signal
export const silent = (): void => {}
