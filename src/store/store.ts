/** All SQL stands in this room. The doors below are what the house may ask of it; rows are those of `schema.ts`. */
import { createChildren, type Children } from './children.ts'
import { openDatabase } from './database.ts'
import { createKeys, type Keys } from './keys.ts'
import { createModelFacts, type ModelFactsTable } from './model-facts.ts'
import { createProfiles, type Profiles } from './profiles.ts'
import { createRequests, type Requests } from './requests.ts'

export type { ChildRow } from './children.ts'
export type { KeyRow } from './keys.ts'
export type { ModelFactsRow } from './model-facts.ts'
export type { ProfileRow } from './profiles.ts'
export type { RequestRow } from './requests.ts'
export { lockDataDirectory, type DataDirectoryLock } from './lock.ts'

export interface Store {
  readonly profiles: Profiles
  readonly keys: Keys
  readonly children: Children
  readonly modelFacts: ModelFactsTable
  readonly requests: Requests
  close(): void
}

/** Opens (at first: makes) the database of this data directory and brings its tables up to date. Whoever writes holds
 *  `lockDataDirectory` meanwhile. Throws GatewayError `store_unusable`; a file it cannot use is left exactly as it was. */
export function openStore(dataDirectory: string): Store {
  const database = openDatabase(dataDirectory)
  const keys = createKeys(database)
  const requests = createRequests(database)
  return {
    profiles: createProfiles(database),
    keys,
    children: createChildren(database),
    modelFacts: createModelFacts(database),
    requests: {
      ...requests,
      add(rows) {
        requests.add(rows)
        keys.writeUses()
      },
    },
    close() {
      try {
        keys.writeUses()
      } finally {
        database.close()
      }
    },
  }
}
