/** Finds models on the hub: its list, page by page. */
import { GatewayError } from '../errors.ts'
import { askHub } from './ask-hub.ts'
import { createHits, type SearchHit, type SearchParts } from './hits.ts'
import { isRepositoryId, sameId } from './ids.ts'
import type { Line } from './line.ts'
import { listPage } from './listing.ts'
import { atMost } from './pool.ts'
import { readRepository } from './repository.ts'
import {
  isNarrow,
  isWanted,
  mayBeWanted,
  readCursor,
  writeCursor,
  type Place,
  type SearchQuery,
} from './search-query.ts'
import type { Told } from './told.ts'

export interface SearchAnswer {
  /** At most as many as asked for; there may be fewer, or none, although `cursor` leads on. All that match where `offline`. */
  readonly hits: readonly SearchHit[]
  /** Where the search goes on; undefined at its end. */
  readonly cursor: string | undefined
  /** The hub cannot be asked: the hits are models on this machine. */
  readonly offline: boolean
  /** Why the answer is less than a search of the whole hub. */
  readonly reason: string | undefined
}

export type Search = (query: SearchQuery, line: Line) => Promise<SearchAnswer>

const AT_ONCE = 8
/** So many are asked about before they are looked at in their order. */
const WINDOW = 24
const LARGE_PAGE = 100
/** A search that finds little ends after so many, and its cursor leads on. */
const MOST_LOOKED = 100

type Found = Pick<SearchAnswer, 'hits' | 'cursor' | 'reason'>

/** 1. A whole id is looked up, also where the hub's list would not show it. 2. The hub's list; a hub without one answers to whole ids
 *  alone. 3. A hub that cannot be asked: what is here, and why; but a search that is under way goes on when the hub is back.
 *  Throws GatewayError `invalid_request` or `permission_denied`, and `hub_unreachable` with a cursor. */
export function createSearch(parts: SearchParts): Search {
  const { access } = parts
  const { hitOf, localHits } = createHits(parts)

  return async (query, line) => {
    const start = readCursor(query.cursor)
    try {
      return await askHub(access, () => ask(query, start, line))
    } catch (thrown) {
      const away = thrown instanceof GatewayError && thrown.code === 'hub_unreachable'
      if (!away || query.cursor !== undefined) throw thrown
      return { hits: localHits(query), cursor: undefined, offline: true, reason: thrown.message } // 3
    }
  }

  async function ask(query: SearchQuery, start: Place, line: Line): Promise<SearchAnswer> {
    const exact = query.cursor === undefined ? await byId(query, line) : undefined // 1
    const first = exact === undefined ? [] : [exact]
    const { hits, cursor, reason } = await listed({ ...query, limit: query.limit - first.length }, start, line) // 2
    return { hits: [...first, ...hits], cursor, offline: false, reason }
  }

  async function byId(query: SearchQuery, line: Line): Promise<SearchHit | undefined> {
    const { text = '' } = query
    if (!isRepositoryId(text)) return undefined
    try {
      const told = await readRepository(access, { id: text, revision: 'main' }, line)
      const hit = await hitOf(told, line, told.files)
      return isWanted(query, hit, told.tags) ? hit : undefined
    } catch (thrown) {
      if (thrown instanceof GatewayError && thrown.code === 'not_found') return undefined
      throw thrown
    }
  }

  async function listed(query: SearchQuery, start: Place, line: Line): Promise<Found> {
    try {
      return await hitsOf(query, start, line)
    } catch (thrown) {
      if (!(thrown instanceof GatewayError) || thrown.code !== 'not_found') throw thrown
      const reason = `The hub at ${access.endpoint} has no search: ask for a model by its whole id, owner/name.`
      return { hits: [], cursor: undefined, reason }
    }
  }

  async function hitsOf(query: SearchQuery, start: Place, line: Line): Promise<Found> {
    const hits: SearchHit[] = []
    const upTo = (place: Place | undefined): Found => {
      return { hits, cursor: place === undefined ? undefined : writeCursor(place), reason: undefined }
    }
    if (query.limit === 0) return upTo(start)
    let looked = 0
    for await (const { hit, after } of walkList(query, start, line)) {
      looked += 1
      if (hit !== undefined) hits.push(hit)
      if (hits.length === query.limit || looked === MOST_LOOKED) return upTo(after)
    }
    return upTo(undefined)
  }

  /** Every model of the list from a place on: its hit where it is wanted, and the place after it. */
  async function* walkList(query: SearchQuery, start: Place, line: Line): AsyncGenerator<Step> {
    let place: Place | undefined = start
    while (place !== undefined) {
      const { page: cursor, done }: Place = place
      const size = isNarrow(query) ? LARGE_PAGE : done + query.limit
      const { listed, next } = await listPage(access, query, { size, cursor }, line)
      place = next === undefined ? undefined : { page: next, done: 0 }
      for (let at = done; at < listed.length; at += WINDOW) {
        const hits = await atMost(AT_ONCE, listed.slice(at, at + WINDOW), (model) => wantedHit(query, model, line))
        for (const [nth, hit] of hits.entries()) {
          const following = at + nth + 1
          yield { hit, after: following < listed.length ? { page: cursor, done: following } : place }
        }
      }
    }
  }

  async function wantedHit(query: SearchQuery, model: Told, line: Line): Promise<SearchHit | undefined> {
    const wasLookedUp = sameId(model.id, query.text ?? '')
    if (wasLookedUp || !mayBeWanted(query, model.tags)) return undefined
    const hit = await hitOf(model, line)
    return isWanted(query, hit, model.tags) ? hit : undefined
  }
}

interface Step {
  readonly hit: SearchHit | undefined
  readonly after: Place | undefined
}
