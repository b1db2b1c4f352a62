/** Requests that have ended: those of before, asked for once, and those that the stream has told of since. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RequestView } from '../../../src/api/admin/admin.ts'
import { api, ask } from '../api.ts'
import { useLive } from '../live.ts'

const most = 1_000

/** Newest first. */
export function useHistory(): { readonly requests: readonly RequestView[]; readonly known: boolean } {
  const { data: before } = useQuery({
    queryKey: ['requests', 'recent'],
    queryFn: async () => (await ask(api.requests.$get({ query: { limit: String(most) } }))).requests,
  })
  const since = useLive(({ ended }) => ended)
  const requests = useMemo(() => {
    const known = new Set(since.map(({ id }) => id))
    return [...since.toReversed(), ...(before ?? []).filter(({ id }) => !known.has(id))]
  }, [before, since])
  return { requests, known: before !== undefined }
}
