/** All SQL stands in this room, and the files of the data directory that must not be lost. The doors below are what the house may ask of
 *  it; rows are those of `schema.ts`. What the disk refuses behind any of them is a GatewayError `store_unusable`. */
import { openDatabase } from './database.ts'
import { createTables, type Tables } from './tables.ts'

export type { ChildRow } from './children.ts'
export { replaceDurably, writeDurably, writeNote } from './directory.ts'
export type { DownloadRow } from './downloads.ts'
export type { KeyRow } from './keys.ts'
export type { ModelFactsRow } from './model-facts.ts'
export type { ModelSizesRow } from './model-sizes.ts'
export type { ProfileRow } from './profiles.ts'
export type { RequestRow } from './requests.ts'
export type { SessionRow } from './sessions.ts'
export { lockDataDirectory, type DataDirectoryLock } from './lock.ts'

export interface Store extends Tables {
  close(): void
}

/** Opens (at first: makes) the database of this data directory and brings its tables up to date. Whoever writes holds
 *  `lockDataDirectory` meanwhile. Throws GatewayError `store_unusable`; a file it cannot use is left exactly as it was. */
export function openStore(dataDirectory: string): Store {
  const database = openDatabase(dataDirectory)
  const { lastWords, ...tables } = createTables(database)
  return {
    ...tables,
    close() {
      try {
        lastWords()
      } finally {
        database.close()
      }
    },
  }
}
