/** The door of the hub: what it has, what it says of a model, and where the bytes of its files are. */
import type { HubAccess } from '../config/config.ts'
import type { GatewayError } from '../errors.ts'
import { askHub } from './ask-hub.ts'
import { readCommits } from './commits.ts'
import { locateFile } from './file-source.ts'
import type { SearchParts } from './hits.ts'
import type { FileName } from './ids.ts'
import { openConnections, type Line } from './line.ts'
import { readText } from './read-text.ts'
import { readRepository, type Named, type Repository } from './repository.ts'
import { requestFile } from './request-file.ts'
import { createSearch, type SearchAnswer } from './search.ts'
import type { SearchQuery } from './search-query.ts'

export interface Hub {
  /** What it says of a model at a branch, a tag or a commit.
   *  Throws GatewayError `invalid_request`, `not_found`, `permission_denied` or `hub_unreachable`. */
  repository(id: string, revision: string, signal: AbortSignal): Promise<Repository>
  /** The commits that these branches and tags are at now, in their order, or why one cannot be had. Throws GatewayError
   *  `hub_unreachable`. */
  commits(named: readonly Named[], signal: AbortSignal): Promise<readonly (string | GatewayError)[]>
  /** Resolves where this file would be given to us; throws as `repository` does. */
  probe(file: FileName, signal: AbortSignal): Promise<void>
  /** The text of a small file; throws as `repository` does. */
  text(file: FileName, signal: AbortSignal): Promise<string>
  /** MLX models by text, owner, task, bits and size. Where the hub cannot be asked: those on this machine, and why. Throws GatewayError
   *  `invalid_request` or `permission_denied`, and `hub_unreachable` for a search that is under way. */
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer>
  /** What a transfer needs to ask for bytes. */
  readonly access: HubAccess
  /** Lets the connections go. */
  close(): Promise<void>
}

export interface HubParts extends SearchParts {
  readonly patience?: Patience
}

export interface Patience {
  /** An answer is given up after so long without a byte. */
  readonly silenceMs: number
  /** A question is answered within, all its pages too. */
  readonly longestMs: number
}

const CONNECTIONS = 8
const PATIENCE: Patience = { silenceMs: 10_000, longestMs: 60_000 }
const MOST_TEXT = 4 * 1024 ** 2

/** Asks for nothing before it is asked. */
export function createHub(parts: HubParts): Hub {
  const { access, patience: { silenceMs, longestMs } = PATIENCE } = parts
  const search = createSearch(parts)
  const dispatcher = openConnections(CONNECTIONS)
  const lineFor = (signal: AbortSignal): Line => {
    return { dispatcher, signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]), silenceMs }
  }
  return {
    access,
    repository: (id, revision, signal) =>
      askHub(access, () => readRepository(access, { id, revision }, lineFor(signal))),
    commits: (named, signal) => readCommits(access, named, lineFor(signal)),
    probe: (file, signal) =>
      askHub(access, async () => {
        await locateFile(access, file, lineFor(signal))
      }),
    text: (file, signal) =>
      askHub(access, async () => {
        const line = lineFor(signal)
        const { body } = await requestFile(access, file, line)
        return readText(access, body, MOST_TEXT, line)
      }),
    search: (query, signal) => search(query, lineFor(signal)),
    close: () => dispatcher.destroy(),
  }
}

export type { HubAccess } from '../config/config.ts'
export { locateFile, type FileSource } from './file-source.ts'
export { isCommit, isRepositoryId, isRevision, sameId, type FileName } from './ids.ts'
export { openConnections, type Line } from './line.ts'
export type { HubFile, Repository } from './repository.ts'
export { requestFile, type FileAnswer, type FileRange } from './request-file.ts'
export type { SearchHit } from './hits.ts'
export type { SearchAnswer } from './search.ts'
export type { SearchQuery } from './search-query.ts'
export { unreachable } from './unreachable.ts'
