/** The hub's answers to a search, page by page; a search that nobody waits for any more is given up. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, ask } from '../../api.ts'
import { questionOf } from './wish.ts'
import type { Wish } from './wish.ts'

/** What fits changes with what runs. */
const freshMs = 60_000
/** A narrow search may have to look far, and answers meanwhile with few hits, or none. */
const fewHits = 10
const mostAnswers = 5

export function useHub(wish: Wish, enabled: boolean) {
  const question = questionOf(wish)
  const search = useInfiniteQuery({
    queryKey: ['hub', question],
    queryFn: ({ signal, pageParam: cursor }) =>
      ask(
        api.hub.models.$get(
          { query: { ...question, ...(cursor === undefined ? {} : { cursor }) } },
          { init: { signal } },
        ),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
    retry: false,
    staleTime: freshMs,
  })
  const { data, hasNextPage, isFetching, isError, isPlaceholderData, fetchNextPage } = search
  const pages = data?.pages ?? []
  const hits = pages.flatMap(({ hits }) => hits)
  const isShort = hits.length < fewHits && pages.length < mostAnswers
  const goesOn = enabled && isShort && hasNextPage && !isFetching && !isError && !isPlaceholderData
  useEffect(() => {
    if (goesOn) void fetchNextPage()
  }, [goesOn, fetchNextPage])
  return { ...search, hits, last: pages.at(-1) }
}
