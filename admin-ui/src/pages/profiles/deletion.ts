/** What is said before a profile is deleted: who is no longer answered, what that frees, what stays. Pure. */
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { listed, ofMemory } from '../../parts/format.ts'
import type { Profile } from '../../parts/use-profiles.ts'

export function lossesOf({ name, aliases, model }: Profile, server: ServerView | undefined): readonly string[] {
  const names = listed([name, ...aliases], 'disjunction')
  const runs = server !== undefined && server.state !== 'stopped' && server.state !== 'failed'
  const frees = server?.memoryBytes == null ? '' : `, which frees ${ofMemory(server.memoryBytes)}`
  return [
    `Whoever asks for ${names} is no longer answered, and its settings are lost.`,
    ...(runs ? [`Its server is unloaded once it is idle${frees}.`] : []),
    ...(model === undefined ? [] : ['Its model stays on disk.']),
  ]
}
