/** What one look found: every folder that looks like a model, read, with what came of it. */
import { GatewayError, messageOf } from '../errors.ts'
import type { Candidate } from './candidate.ts'
import { MissingPart } from './folder.ts'
import { atRevision } from './hugging-face.ts'
import type { Model } from './model.ts'
import type { Reader } from './reader.ts'
import type { Revision } from './revisions.ts'

/** What was made of a folder: a model, or the reason why not. */
export type Outcome =
  | { readonly model: Model }
  | {
      readonly model: undefined
      readonly reason: string
      /** Pulling it would bring what is missing. */
      readonly resumable: boolean
    }

export interface Entry {
  readonly candidate: Candidate
  readonly outcome: Outcome
  readonly revisions: readonly { readonly revision: Revision; readonly outcome: Outcome }[]
  /** Another model with the same id comes before it. */
  readonly shadowed: boolean
}

/** A folder that looks like a model and cannot be used, with why. */
export interface IncompleteModel {
  readonly id: string
  readonly path: string
  readonly reason: string
  readonly resumable: boolean
}

export class Shelf {
  readonly entries: readonly Entry[]
  /** By id; the same list for as long as the shelf. */
  readonly models: readonly Model[]
  readonly incomplete: readonly IncompleteModel[]
  readonly #whole: ReadonlyMap<string, Entry>

  constructor(entries: readonly Entry[]) {
    const shown = entries.filter(({ shadowed }) => !shadowed)
    this.entries = entries
    this.#whole = new Map(shown.filter(isWhole).map((entry) => [entry.candidate.id, entry]))
    this.models = shown.flatMap(({ outcome }) => outcome.model ?? []).sort((a, b) => (a.id < b.id ? -1 : 1))
    this.incomplete = shown.flatMap(({ candidate: { id, path }, outcome }) =>
      outcome.model === undefined ? { id, path, reason: outcome.reason, resumable: outcome.resumable } : [],
    )
  }

  /** Where the model of this id, or at this real path, was found. */
  byId(id: string): Candidate | undefined {
    return this.#whole.get(id)?.candidate
  }

  byPath(path: string): Candidate | undefined {
    const model = this.models.find((model) => model.path === path)
    return model && this.byId(model.id)
  }

  /** The one in use, else the first that is not whole. `folder`: the one that lies there. */
  find(id: string, folder?: string): Entry | undefined {
    const named = this.entries.filter(({ candidate }) => candidate.id === id)
    if (folder !== undefined) return named.find(({ candidate }) => candidate.folder === folder)
    return named.find(({ shadowed }) => !shadowed)
  }

  /** The hub repository of this id, whole or not. */
  repository(id: string): Candidate | undefined {
    return this.entries.find(({ candidate }) => candidate.id === id && candidate.revisions !== undefined)?.candidate
  }

  /** Every folder that an engine may load. */
  paths(): ReadonlySet<string> {
    const all = this.entries.flatMap(({ outcome, revisions }) => [outcome, ...revisions.map(({ outcome }) => outcome)])
    return new Set(all.flatMap(({ model }) => model?.path ?? []))
  }
}

/** Reads each candidate; of several whole ones with the same id the first counts, and it comes before those that are not whole. */
export async function readShelf(candidates: readonly Candidate[], reader: Reader, signal: AbortSignal): Promise<Shelf> {
  const read: Omit<Entry, 'shadowed'>[] = []
  for (const candidate of candidates) {
    signal.throwIfAborted()
    const entry = await readEntry(candidate, reader)
    if (!read.some((earlier) => isSame(earlier, entry))) read.push(entry)
  }
  const whole = new Map<string, unknown>()
  for (const entry of read.filter(isWhole)) if (!whole.has(entry.candidate.id)) whole.set(entry.candidate.id, entry)
  return new Shelf(
    read.map((entry) => {
      const first = whole.get(entry.candidate.id)
      return { ...entry, shadowed: first !== undefined && first !== entry }
    }),
  )
}

async function readEntry(candidate: Candidate, reader: Reader): Promise<Omit<Entry, 'shadowed'>> {
  const outcome = await outcomeOf(candidate, reader)
  const revisions = []
  for (const revision of candidate.revisions ?? []) {
    revisions.push({
      revision,
      outcome: revision.path === candidate.path ? outcome : await outcomeOf(atRevision(candidate, revision), reader),
    })
  }
  return { candidate, outcome, revisions }
}

async function outcomeOf(candidate: Candidate, reader: Reader): Promise<Outcome> {
  try {
    return { model: await reader.read(candidate) }
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'model_load_failed') throw error
    const lacks = candidate.unfinished === true || error instanceof MissingPart
    return { model: undefined, reason: messageOf(error), resumable: lacks && candidate.source === 'huggingface' }
  }
}

/** Found twice, in places of which one leads to the other. */
function isSame(one: Omit<Entry, 'shadowed'>, other: Omit<Entry, 'shadowed'>): boolean {
  const path = one.outcome.model?.path
  return path !== undefined && path === other.outcome.model?.path && one.candidate.id === other.candidate.id
}

function isWhole({ outcome }: Pick<Entry, 'outcome'>): boolean {
  return outcome.model !== undefined
}
