/** What the models on disk take, what the hub has something newer of, and another look at the folders. */
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api.ts'
import type { Held } from '../../api.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import { queryClient } from '../../query-client.ts'

export type DiskUse = Held<Awaited<ReturnType<typeof api.models.disk.$get>>>
export type Updates = Held<Awaited<ReturnType<typeof api.models.updates.$get>>>

/** Looks at the folders again, for what was put there by hand. */
export async function lookAgain(): Promise<void> {
  const { models } = await ask(api.models.refresh.$post())
  queryClient.setQueryData<readonly LocalModel[]>(['models'], models)
  await queryClient.invalidateQueries({ queryKey: ['disk'] })
}

/** The gateway answers once everything is measured. */
export function useDisk() {
  return useQuery({ queryKey: ['disk'], queryFn: () => ask(api.models.disk.$get()), refetchOnMount: 'always' })
}

/** The hub is asked only when somebody looks for updates. */
export function useUpdates() {
  return useQuery({
    queryKey: ['updates'],
    queryFn: () => ask(api.models.updates.$get()),
    enabled: false,
    retry: false,
  })
}
