/** Whether models take images. */
import { useModels } from '../../parts/use-models.ts'
import { useProfiles } from '../../parts/use-profiles.ts'

/** True where all of these names do. */
export function useSight(names: readonly string[]): boolean {
  const profiles = useProfiles()
  const { data: models } = useModels()
  return names.every((name) => {
    const profile = profiles.find((one) => one.name === name || one.aliases.includes(name))
    const model = models?.find(({ id, path }) => id === profile?.model || path === profile?.model)
    return model?.facts?.capabilities.includes('vision') ?? false
  })
}
