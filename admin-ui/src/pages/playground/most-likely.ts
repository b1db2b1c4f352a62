/** Whom somebody most likely wants to talk to. Pure. */
import type { ServerView } from '../../../../src/api/admin/admin.ts'

type Known = Pick<ServerView, 'state' | 'lastUsed'>

/** 1. The one last used of those that are loaded. 2. Else the first that has not failed. 3. Else the first. */
export function mostLikely(names: readonly string[], servers: ReadonlyMap<string, Known>): string {
  const loaded = names.filter((name) => servers.get(name)?.state === 'ready')
  const lastUsed = (name: string) => servers.get(name)?.lastUsed ?? 0
  const [latest] = loaded.toSorted((one, other) => lastUsed(other) - lastUsed(one)) // 1
  return latest ?? names.find((name) => servers.get(name)?.state !== 'failed') ?? names[0] ?? '' // 2 3
}
