/** What a profile can say, field by field, in the gateway's words. */
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api.ts'
import type { Held } from '../../api.ts'

export type FieldFacts = Held<Awaited<ReturnType<typeof api.profiles.fields.$get>>>['fields'][number]

/** Asked anew when a form is opened: what holds where a profile says nothing is among the settings. */
export function useFieldFacts() {
  return useQuery({
    queryKey: ['profile-fields'],
    queryFn: async () => (await ask(api.profiles.fields.$get())).fields,
    refetchOnMount: 'always',
  })
}
