/** The profiles, as the gateway has them. */
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../api.ts'
import type { Held } from '../api.ts'

export type Profile = Held<Awaited<ReturnType<typeof api.profiles.$get>>>['profiles'][number]

const none: readonly Profile[] = []

export function useProfiles(): readonly Profile[] {
  return useProfilesQuery().data ?? none
}

/** With its state, for the page that is about them. */
export function useProfilesQuery() {
  return useQuery({ queryKey: ['profiles'], queryFn: async () => (await ask(api.profiles.$get())).profiles })
}
