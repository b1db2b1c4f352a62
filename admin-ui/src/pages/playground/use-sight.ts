/** Whether models take images. */
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api.ts'
import { useProfiles } from '../../parts/use-profiles.ts'

/** True where all of these names do. */
export function useSight(names: readonly string[]): boolean {
  const profiles = useProfiles()
  const { data } = useQuery({ queryKey: ['models'], queryFn: async () => (await ask(api.models.$get())).models })
  return names.every((name) => {
    const profile = profiles.find((one) => one.name === name || one.aliases.includes(name))
    const model = data?.find(({ id, path }) => id === profile?.model || path === profile?.model)
    return model?.facts?.capabilities.includes('vision') ?? false
  })
}
