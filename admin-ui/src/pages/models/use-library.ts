/** The models on disk, as the gateway knows them, and what they take. */
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api.ts'
import type { Held } from '../../api.ts'
import { queryClient } from '../../query-client.ts'

export type LocalModel = Held<Awaited<ReturnType<typeof api.models.$get>>>['models'][number]
export type Revision = LocalModel['revisions'][number]
export type DiskUse = Held<Awaited<ReturnType<typeof api.models.disk.$get>>>
export type Updates = Held<Awaited<ReturnType<typeof api.models.updates.$get>>>

/** Asked anew when the page is opened: which model was used last is told by no event. */
export function useLibrary() {
  return useQuery({
    queryKey: ['models'],
    queryFn: async () => (await ask(api.models.$get())).models,
    refetchOnMount: 'always',
  })
}

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
