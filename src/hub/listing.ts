/** One page of the hub's list of MLX models. */
import type { HubAccess } from '../config/config.ts'
import { apiFetch } from './api-fetch.ts'
import { hubLibrary } from './library.ts'
import type { Line } from './line.ts'
import type { SearchQuery } from './search-query.ts'
import { toldOf, type Told } from './told.ts'

export interface Page {
  readonly listed: readonly Told[]
  /** The hub's cursor of the page after. */
  readonly next: string | undefined
}

/** Throws GatewayError `not_found` where the hub has no search, `permission_denied` or `hub_unreachable`. */
export async function listPage(
  access: HubAccess,
  query: SearchQuery,
  { size, cursor }: { readonly size: number; readonly cursor: string | undefined },
  line: Line,
): Promise<Page> {
  const { text, owner, task, sort = 'downloads' } = query
  let next: string | undefined
  const ask = apiFetch(access, line, {})
  /** The library has no word for where to begin; and it would go on to the next page by itself. */
  const onePage: typeof fetch = async (input) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (cursor !== undefined) url.searchParams.set('cursor', cursor)
    if (task !== undefined) url.searchParams.set('pipeline_tag', task)
    const answer = await ask(url)
    next = nextCursor(answer.headers.get('link'))
    return new Response(answer.body)
  }
  const { listModels } = await hubLibrary()
  const models = listModels({
    search: {
      tags: ['mlx'],
      ...(text === undefined ? {} : { query: text }),
      ...(owner === undefined ? {} : { owner }),
    },
    sort: sort === 'recent' ? 'lastModified' : 'downloads',
    limit: size,
    additionalFields: ['sha', 'tags', 'cardData'],
    hubUrl: access.endpoint,
    fetch: onePage,
  })
  const listed: Told[] = []
  for await (const raw of models) {
    const told = toldOf(raw)
    if (told !== undefined) listed.push(told)
  }
  return { listed, next }
}

function nextCursor(link: string | null): string | undefined {
  const address = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '')?.[1]
  if (address === undefined || !URL.canParse(address, 'http://hub.invalid')) return undefined
  return new URL(address, 'http://hub.invalid').searchParams.get('cursor') ?? undefined
}
