/** The small model that is offered from the first start, so that the first answer needs no choice and no account. */
import { join } from 'node:path'
import type { Capability, KvShape } from './model.ts'

interface Starter {
  readonly id: string
  readonly weightsBytes: number
  readonly contextLength: number
  readonly license: string
  readonly kv: KvShape
  readonly capabilities: readonly Capability[]
}

/** What is known of it before it has been fetched. */
export const STARTER: Starter = {
  id: 'smollm2-135m-instruct',
  weightsBytes: 98_400_000,
  contextLength: 8192,
  license: 'Apache-2.0',
  kv: { constant: 0, full: 23_040, windowed: 0, window: 0 },
  capabilities: ['chat', 'completion'],
}

/** Where models live that the gateway fetched itself. */
export function modelsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'models')
}

/** Its folder, once it has been fetched. */
export function starterDirectory(dataDirectory: string): string {
  return join(modelsDirectory(dataDirectory), STARTER.id)
}

/** Whether a profile serves the starter model, fetched or not. */
export function isStarter(profile: { readonly model?: string | undefined }): boolean {
  return profile.model === STARTER.id
}
