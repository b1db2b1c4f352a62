/** What of llama-swap's configuration means something here. */
import { z } from 'zod'

/** Only as much as is made use of; all else is named as left out. */
export const swapModel = z.object({
  cmd: z.string(),
  aliases: z.array(z.string()).nullish(),
  env: z.array(z.string()).nullish(),
  ttl: z.number().nullish(),
  proxy: z.string().nullish(),
  useModelName: z.string().nullish(),
  concurrencyLimit: z.number().nullish(),
  filters: z
    .object({
      setParams: z.record(z.string(), z.unknown()).nullish(),
      setParamsByID: z.record(z.string(), z.record(z.string(), z.unknown())).nullish(),
    })
    .nullish(),
})
const groups = z.record(
  z.string(),
  z.object({ members: z.array(z.string()).nullish(), persistent: z.boolean().nullish() }),
)
export const swapFile = z.object({
  models: z.record(z.string(), z.unknown()),
  macros: z.unknown().optional(),
  globalTTL: z.number().nullish(),
  groups: groups.nullish(),
  routing: z
    .object({ router: z.object({ settings: z.object({ groups: groups.nullish() }).nullish() }).nullish() })
    .nullish(),
  hooks: z.object({ on_startup: z.object({ preload: z.array(z.string()).nullish() }).nullish() }).nullish(),
})
export type SwapFile = z.output<typeof swapFile>
export type SwapModel = z.output<typeof swapModel>

/** Older files have them at the top. */
export function groupsOf({ groups, routing }: SwapFile): SwapFile['groups'] {
  return groups ?? routing?.router?.settings?.groups ?? undefined
}
