/** What is shown of the models on disk, and in which order. Pure. */
import type { DownloadView, ServerView } from '../../../../src/api/admin/admin.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import type { Updates } from './use-library.ts'

export const orders = [
  { value: 'used', label: 'Last used' },
  { value: 'size', label: 'Size' },
  { value: 'name', label: 'Name' },
] as const

/** The last used, the largest or the first by name first; what is not known comes last. */
export function inOrder(models: readonly LocalModel[], order: string): readonly LocalModel[] {
  const rank = (model: LocalModel) => (order === 'used' ? model.lastUsed : order === 'size' ? sizeOf(model) : 0) ?? 0
  return models.toSorted((one, other) => rank(other) - rank(one) || byName(one, other))
}

function byName(one: LocalModel, other: LocalModel): number {
  return one.id.localeCompare(other.id, 'en') || one.folder.localeCompare(other.folder, 'en')
}

/** On disk; until that is measured, its weights. */
export function sizeOf({ sizeBytes, facts }: Pick<LocalModel, 'sizeBytes' | 'facts'>): number | null {
  return sizeBytes ?? facts?.weightsBytes ?? null
}

/** As was told when the page asked, or later by the servers: `since`, ms since 1970 by profile. */
export function withLastUse(
  models: readonly LocalModel[],
  since: Readonly<Record<string, number | null>>,
): readonly LocalModel[] {
  return models.map((model) => {
    const names = model.shadowed ? model.usedBy : [model.id, ...model.usedBy]
    const last = Math.max(model.lastUsed ?? 0, ...names.map((name) => since[name] ?? 0))
    return last === (model.lastUsed ?? 0) ? model : { ...model, lastUsed: last }
  })
}

/** The one that brings this model, or waits to: undefined where nothing of it is on its way. */
export function downloadOf(downloads: ReadonlyMap<number, DownloadView>, id: string): DownloadView | undefined {
  return [...downloads.values()].findLast(
    ({ repo, state }) => repo.toLowerCase() === id.toLowerCase() && state !== 'complete' && state !== 'cancelled',
  )
}

/** Branches and tags of a model that the hub has something newer of, as far as nobody has fetched it since. */
export function newerOf({ id, revisions }: Pick<LocalModel, 'id' | 'revisions'>, updates: Updates | undefined) {
  const whole = new Set(revisions.flatMap(({ commit, incomplete }) => (incomplete === null ? [commit] : [])))
  const own = updates?.updates.filter((update) => update.id === id && update.available) ?? []
  return own.filter(({ latest }) => latest !== null && !whole.has(latest))
}

/** Profiles whose servers hold it now; they must stop before it can be deleted or mended. */
export function usersOf(
  { id, usedBy }: Pick<LocalModel, 'id' | 'usedBy'>,
  servers: ReadonlyMap<string, ServerView>,
): readonly ServerView[] {
  return [id, ...usedBy].flatMap((name) => {
    const server = servers.get(name)
    return server === undefined || server.state === 'stopped' || server.state === 'failed' ? [] : [server]
  })
}

/** What to pull so that an incomplete model becomes whole; undefined where no pull would help. */
export function missingOf({ id, incomplete, revisions }: LocalModel): { id: string; revision: string } | undefined {
  if (incomplete?.resumable !== true) return undefined
  const revision = revisions.find(({ incomplete }) => incomplete?.resumable === true)
  return { id, revision: revision?.refs[0] ?? revision?.commit ?? 'main' }
}

const abilities: Readonly<Record<string, string>> = {
  chat: 'chat',
  completion: 'complete text',
  vision: 'see images',
  embedding: 'embed text',
  tools: 'call tools',
}

export function abilitiesOf({ capabilities }: { readonly capabilities: readonly string[] }): string {
  return capabilities.length === 0
    ? 'do nothing that can be asked for here'
    : capabilities.map((one) => abilities[one] ?? one).join(', ')
}

/** Whether one can talk to it: whole, not hidden behind another, and made for text. */
export function isTalkative({ facts, shadowed }: Pick<LocalModel, 'facts' | 'shadowed'>): boolean {
  return facts !== null && !shadowed && facts.capabilities.some((one) => one === 'chat' || one === 'completion')
}
