/** A model on disk, as the admin API shows it. */
import type { LocalModel } from '../../../../admin-ui/src/parts/use-models.ts'

type Facts = NonNullable<LocalModel['facts']>

export const facts: Facts = {
  modelType: 'qwen3',
  weightsBytes: 4e9,
  quantization: '4-bit',
  contextLength: 32_768,
  capabilities: ['chat', 'completion'],
  remoteCode: false,
}

export function local(id: string, given: Partial<LocalModel> = {}): LocalModel {
  return {
    id,
    source: 'huggingface',
    folder: `/cache/${id}`,
    path: `/cache/${id}/snapshots/x`,
    facts,
    incomplete: null,
    shadowed: false,
    sizeBytes: 4.1e9,
    ownBytes: 4.1e9,
    revisions: [],
    usedBy: [],
    lastUsed: null,
    ...given,
  }
}

export function revision(commit: string, given: Partial<LocalModel['revisions'][number]> = {}) {
  return { commit, refs: ['main'], incomplete: null, sizeBytes: 4.1e9, ownBytes: 4.1e9, ...given }
}
