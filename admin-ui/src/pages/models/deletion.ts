/** What is said before a model is deleted: what that frees, what stays, who needs it, how it comes back. Pure. */
import { bytes, listed } from '../../parts/format.ts'
import type { LocalModel, Revision } from '../../parts/use-models.ts'

/** `revision`: only that one of several. */
export function consequences(model: LocalModel, revision?: Revision): readonly string[] {
  const { sizeBytes, ownBytes } = revision ?? model
  const shared = sizeBytes === null || ownBytes === null ? 0 : sizeBytes - ownBytes
  const others = revision === undefined ? 'other models' : 'other revisions or models'
  return [
    ownBytes === null
      ? 'What it frees is not measured yet.'
      : ownBytes === 0
        ? 'It frees nothing.'
        : `It frees ${bytes(ownBytes)}.`,
    ...(shared > 0 ? [`${bytes(shared)} of it stay: ${others} share them.`] : []),
    ...(model.usedBy.length > 0 && revision === undefined && !model.shadowed
      ? [`${listed(model.usedBy)} ${model.usedBy.length === 1 ? 'serves' : 'serve'} it, and cannot answer without it.`]
      : []),
    wayBack(model),
  ]
}

function wayBack({ source, id }: LocalModel): string {
  switch (source) {
    case 'huggingface':
      return 'It can be pulled from the hub again.'
    case 'starter':
      return 'It is fetched again when somebody asks for it.'
    case 'folder':
    case 'lmstudio':
      return `The gateway did not fetch it and does not know where ${id} came from: only a copy of yours brings it back.`
  }
}

/** As people know it: its branches and tags, else the beginning of its commit. */
export function nameOf({ refs, commit }: Pick<Revision, 'refs' | 'commit'>): string {
  return refs.length === 0 ? commit.slice(0, 12) : refs.join(', ')
}
