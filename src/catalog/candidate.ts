/** What a search for models starts from and what it finds. */
import type { Dirent } from 'node:fs'
import type { ModelPlace } from '../config/config.ts'
import type { Roots } from './folder.ts'
import type { ModelSource } from './model.ts'
import type { Revision } from './revisions.ts'

/** A place to look in. One that is not optional is missed where it does not exist; caches and LM Studio's folder always are optional. */
export interface SearchedPlace extends ModelPlace {
  readonly optional?: boolean
}

/** A folder that looks like a model. */
export interface Candidate {
  readonly id: string
  readonly source: ModelSource
  /** What an engine loads. */
  readonly path: string
  /** Where its files may lie. */
  readonly roots: Roots
  /** The place it was found in, and the folder in it that is this model's alone: of a hub model, its repository's. */
  readonly place: string
  readonly folder: string
  /** Of a hub model: where the cache keeps what it shares with others. */
  readonly store?: string
  /** Of a hub model: every snapshot there is. */
  readonly revisions?: readonly Revision[]
  /** Why it is no use, where that shows already. */
  readonly broken?: string
  /** It is no use because a download has not ended. A folder that was whole before and has not changed is whole still. */
  readonly unfinished?: boolean
}

export interface Trouble {
  readonly path: string
  readonly reason: string
}

/** Entries of a folder; none where it cannot be read, which is noted unless it is simply not there. */
export type Look = (path: string) => Promise<readonly Dirent[]>
