/** What a profile may be given as, and what is shown of one. */
import { z } from '@hono/zod-openapi'
import { idleOf, reservation, settingsOf } from '../../catalog/catalog.ts'
import { profileSettings } from '../../config/config.ts'
import type { ListedModel } from '../../router/router.ts'
import { isObject } from '../../wire/json.ts'
import type { House } from '../door.ts'

/** `z.json()` refers to itself, which cannot be printed. */
const parameters = z.record(z.string(), z.unknown())
const printable = profileSettings.extend({ defaults: parameters.default({}), force: parameters.default({}) })

/** What a profile may be given as. It is read by the configuration's own reader, whose words name what is wrong; this describes it. */
export const given = z
  .custom<z.input<typeof profileSettings>>(isObject, 'must be an object')
  .openapi('ProfileSettings', JSON.parse(JSON.stringify(z.toJSONSchema(printable, { io: 'input' }))))

const described = printable.omit({ idle: true, memory: true, concurrency: true }).extend({
  origin: z.enum(['file', 'store', 'local', 'starter']),
  readOnly: z.boolean(),
  available: z.boolean().describe('false where its model was not on disk when last looked for'),
  idle: z.int().describe('ms; 0: never unloaded for idleness'),
  concurrency: z.int(),
  memory: z.int().optional().describe('bytes'),
  reservedBytes: z
    .int()
    .nullable()
    .describe('of the memory budget once it is loaded, its draft model aside; null before its model was found'),
  settings: given.describe('as it was given, to be edited or copied: without what is the house’s own'),
})
export const shown = described.openapi('Profile')
export const saved = described
  .extend({ warnings: z.array(z.string()).describe('why it could not be served at the moment') })
  .openapi('SavedProfile')

export function show(
  { profile, available, model }: Pick<ListedModel, 'profile' | 'available' | 'model'>,
  house: Pick<House, 'settings'>,
): z.output<typeof shown> {
  const { aliases, arguments: flags, usual: _, ...rest } = profile
  const readOnly = profile.origin !== 'store'
  const settings = settingsOf(profile)
  const { scheduling, memory } = house.settings.live
  const idle = idleOf(profile, scheduling)
  const isTold = available || profile.memory !== undefined
  const reservedBytes = isTold ? reservation({ profile, model }, memory.default) : null
  const lists = { aliases: [...aliases], arguments: [...flags] }
  return { ...rest, ...lists, idle, readOnly, available, reservedBytes, settings }
}
