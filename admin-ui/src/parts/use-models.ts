/** The models on disk, as the gateway knows them. */
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../api.ts'
import type { Held } from '../api.ts'

export type LocalModel = Held<Awaited<ReturnType<typeof api.models.$get>>>['models'][number]
export type Revision = LocalModel['revisions'][number]

/** Asked anew when a page is opened: which model was used last is told by no event. */
export function useModels() {
  return useQuery({
    queryKey: ['models'],
    queryFn: async () => (await ask(api.models.$get())).models,
    refetchOnMount: 'always',
  })
}
