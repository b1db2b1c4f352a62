/** Requests that have ended: those of before, asked for once, and those that the stream has told of since. */
import { useQuery } from '@tanstack/react-query'
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
  return { requests: joined(before ?? none, since), known: before !== undefined }
}

const none: readonly RequestView[] = []
let last: { readonly before: unknown; readonly since: unknown; readonly requests: readonly RequestView[] } | undefined

/** Put together once for all that show it. */
function joined(before: readonly RequestView[], since: readonly RequestView[]): readonly RequestView[] {
  if (last?.before === before && last.since === since) return last.requests
  const known = new Set(since.map(({ id }) => id))
  const requests = [...since.toReversed(), ...before.filter(({ id }) => !known.has(id))]
  last = { before, since, requests }
  return requests
}
