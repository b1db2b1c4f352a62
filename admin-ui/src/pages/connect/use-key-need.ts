/** Whether clients need a key; undefined until that is known. */
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api.ts'
import { keyNeed } from './key-need.ts'
import type { KeyNeed } from './key-need.ts'

export function useKeyNeed(): KeyNeed | undefined {
  const keys = useQuery({ queryKey: ['keys'], queryFn: async () => (await ask(api.keys.$get())).keys })
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => ask(api.settings.$get()) })
  if (keys.data === undefined || settings.data === undefined) return undefined
  const valueOf = (path: string) => settings.data.settings.find((setting) => setting.path === path)?.inEffect
  const required = valueOf('auth.required')
  return keyNeed({
    keys: keys.data.length,
    required: typeof required === 'boolean' ? required : undefined,
    host: String(valueOf('server.host')),
  })
}
