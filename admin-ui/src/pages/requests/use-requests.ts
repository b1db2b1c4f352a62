/** Requests that have ended, page by page, and those that ended since. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { RequestView } from '../../../../src/api/admin/admin.ts'
import { api, ask } from '../../api.ts'
import { useLive } from '../../live.ts'
import { matches } from './filter.ts'
import type { Filter } from './filter.ts'

/** Asked for and shown at once. */
const perPage = 100

export interface ShownRequests {
  /** Newest first. */
  readonly requests: readonly RequestView[]
  readonly loading: boolean
  readonly fetching: boolean
  readonly error: Error | null
  readonly again: () => void
  /** Undefined where there are no older ones. */
  readonly older: (() => void) | undefined
}

export function useRequests({ text, status }: Filter): ShownRequests {
  const query = useInfiniteQuery({
    queryKey: ['requests', 'past', status],
    initialPageParam: undefined,
    queryFn: async ({
      pageParam,
      signal,
    }: {
      readonly pageParam: number | undefined
      readonly signal: AbortSignal
    }) => {
      const before = pageParam === undefined ? {} : { before: String(pageParam) }
      const wanted = status === 'all' ? {} : { status }
      const query = { limit: String(perPage), ...before, ...wanted } as const
      return (await ask(api.requests.$get({ query }, { init: { signal } }))).requests
    },
    getNextPageParam: (page) => (page.length < perPage ? undefined : page.at(-1)?.startedAt),
  })
  const ended = useLive(({ ended }) => ended)
  const [most, setMost] = useState(perPage)
  const all = useMemo(() => {
    const isWanted = (request: RequestView) =>
      matches(request, text) && (status === 'all' || (request.error === null) === (status === 'ok'))
    const byId = new Map(
      [...ended.toReversed(), ...(query.data?.pages.flat() ?? [])].map((request) => [request.id, request]),
    )
    return [...byId.values()].filter(isWanted).toSorted((one, other) => other.startedAt - one.startedAt)
  }, [ended, query.data, text, status])
  const showOlder = () => {
    setMost(most + perPage)
    if (query.hasNextPage && all.length < most + perPage) void query.fetchNextPage()
  }
  return {
    requests: all.slice(0, most),
    loading: query.isPending,
    fetching: query.isFetchingNextPage,
    error: query.error,
    again: () => void query.refetch(),
    older: query.hasNextPage || all.length > most ? showOlder : undefined,
  }
}
