/** Every table's doors, together. */
import { createChildren, type Children } from './children.ts'
import type { Database } from './database.ts'
import { createDownloads, type DownloadsTable } from './downloads.ts'
import { createKeys, type Keys } from './keys.ts'
import { createModelFacts, type ModelFactsTable } from './model-facts.ts'
import { createModelSizes, type ModelSizesTable } from './model-sizes.ts'
import { createPins, type PinsTable } from './pins.ts'
import { createProfiles, type Profiles } from './profiles.ts'
import { ifItCan, speaking } from './refusal.ts'
import { createRequests, type Requests } from './requests.ts'
import { createSessions, type Sessions } from './sessions.ts'

export interface Tables {
  readonly profiles: Profiles
  readonly keys: Keys
  readonly sessions: Sessions
  readonly children: Children
  readonly pins: PinsTable
  readonly modelFacts: ModelFactsTable
  readonly modelSizes: ModelSizesTable
  readonly requests: Requests
  readonly downloads: DownloadsTable
}

/** `lastWords` is what there still is to write at the end; a disk that refuses it loses it. */
export function createTables(database: Database): Tables & { readonly lastWords: () => void } {
  const { writeUses, ...keys } = createKeys(database)
  const requests = createRequests(database)
  const tables: Tables = {
    profiles: speaking(createProfiles(database)),
    keys: speaking(keys),
    sessions: speaking(createSessions(database)),
    children: speaking(createChildren(database)),
    pins: speaking(createPins(database)),
    modelFacts: speaking(createModelFacts(database)),
    modelSizes: speaking(createModelSizes(database)),
    downloads: speaking(createDownloads(database)),
    requests: speaking({
      ...requests,
      add(rows) {
        requests.add(rows)
        writeUses()
      },
    }),
  }
  return { ...tables, lastWords: () => ifItCan(writeUses) }
}
