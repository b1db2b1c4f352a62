/** What a search finds: what the hub lists of a model, what its files say, and what it would be on this machine. */
import type { Fit, Model, RemoteFacts } from '../catalog/catalog.ts'
import type { HubAccess } from '../config/config.ts'
import { createDetails } from './details.ts'
import type { Line } from './line.ts'
import type { HubFile } from './repository.ts'
import { isNamed, isWanted, quantizationOf, type Known, type SearchQuery } from './search-query.ts'
import type { Gated, Told } from './told.ts'

/** What is not known is undefined, and `unknown` says why. */
export interface SearchHit extends Known {
  readonly id: string
  /** What the hub's `main` points to. */
  readonly commit: string | undefined
  readonly task: string | undefined
  readonly license: string | undefined
  readonly gated: Gated | undefined
  readonly downloads: number | undefined
  /** ISO 8601. */
  readonly lastModified: string | undefined
  /** It is on this machine already. */
  readonly local: boolean
  readonly contextLength: number | undefined
  /** Whether it fits this machine. */
  readonly fit: Fit | undefined
  readonly unknown: string | undefined
}

export interface SearchParts {
  readonly access: HubAccess
  /** Whole models on this machine. */
  readonly models: () => readonly Model[]
  readonly isWeights: (path: string) => boolean
  readonly factsOf: (config: unknown, weightsBytes: number) => RemoteFacts
  readonly fitOf: (facts: RemoteFacts) => Fit
}

export interface Hits {
  /** Never fails but by the signal. */
  hitOf(told: Told, line: Line, files?: readonly HubFile[]): Promise<SearchHit>
  /** Of the models that are here, those that were asked for. */
  localHits(query: SearchQuery): readonly SearchHit[]
}

export function createHits({ access, models, isWeights, factsOf, fitOf }: SearchParts): Hits {
  const detailsOf = createDetails(access, isWeights)
  return {
    async hitOf({ id, commit, tags, task, license, gated, downloads, lastModified }, line, files) {
      const { weightsBytes, config, unknown } = await detailsOf({ id, commit }, line, files)
      const facts = factsOf(config, weightsBytes ?? 0)
      return {
        id,
        commit,
        task,
        license,
        gated,
        downloads,
        lastModified,
        local: models().some((model) => model.id === id),
        weightsBytes,
        quantization: config === undefined ? quantizationOf(tags) : facts.quantization,
        contextLength: facts.contextLength,
        fit: weightsBytes === undefined ? undefined : fitOf(facts),
        unknown,
      }
    },
    localHits(query) {
      const here = models().filter(({ id, facts }) => isNamed(query, id) && isWanted(query, facts))
      return here.map(({ id, facts }) => {
        const { weightsBytes, quantization, contextLength } = facts
        return { ...NOT_TOLD, id, local: true, weightsBytes, quantization, contextLength, fit: fitOf(facts) }
      })
    },
  }
}

const NOT_TOLD = {
  commit: undefined,
  task: undefined,
  license: undefined,
  gated: undefined,
  downloads: undefined,
  lastModified: undefined,
  unknown: undefined,
}
