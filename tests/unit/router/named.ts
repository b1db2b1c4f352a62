/** Models and profiles of which only the name matters. */
import type { Model, Profile } from '../../../src/catalog/catalog.ts'
import { readProfile } from '../../../src/config/config.ts'

export function modelNamed(id: string, facts: Partial<Model['facts']> = {}): Model {
  return {
    id,
    source: 'folder',
    path: `/models/${id}`,
    facts: {
      modelType: 'llama',
      weightsBytes: 1,
      quantization: '4-bit',
      contextLength: 4096,
      vocabSize: 100,
      kv: { constant: 0, full: 1, windowed: 0, window: 0 },
      capabilities: ['chat', 'completion'],
      remoteCode: false,
      ...facts,
    },
  }
}

export function profileNamed(name: string, ...aliases: readonly string[]): Profile {
  return profileFrom({ name, aliases, model: '/m' })
}

export function profileFrom(written: object): Profile {
  return { ...readProfile(written), origin: 'file', idle: 1000, concurrency: 1 }
}
