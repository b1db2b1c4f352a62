/** A model of llama-swap's, in the words of a profile. Pure. */
import { groupsOf, type SwapFile, type SwapModel } from './swap-shape.ts'

/** What a model says beside its command, in the words of a profile's settings, unchecked. */
export function settingsOf(id: string, said: SwapModel, whole: SwapFile): Readonly<Record<string, unknown>> {
  const ttl = said.ttl === undefined || said.ttl === null || said.ttl < 0 ? (whole.globalTTL ?? undefined) : said.ttl
  const { setParams, setParamsByID } = said.filters ?? {}
  const { model: _, ...force } = { ...setParams, ...setParamsByID?.[id] }
  const environment = Object.fromEntries((said.env ?? []).map(assignment))
  const limit = said.concurrencyLimit ?? 0
  const names = new Set([id, ...(said.aliases ?? [])])
  const isNamed = (name: string) => names.has(name)
  const persistent = Object.values(groupsOf(whole) ?? {}).some(
    (group) => group.persistent && group.members?.some(isNamed),
  )
  return {
    aliases: said.aliases ?? [],
    environment,
    ...(ttl === undefined ? {} : { idle: ttl * 1_000 }),
    ...(limit > 0 ? { concurrency: limit } : {}),
    ...(said.useModelName ? { servedModel: said.useModelName } : {}),
    ...(Object.keys(force).length === 0 ? {} : { force }),
    ...(whole.hooks?.on_startup?.preload?.some(isNamed) ? { preload: true } : {}),
    ...(persistent && !ttl ? { pinned: true } : {}),
  }
}

function assignment(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
