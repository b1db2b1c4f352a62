/** What was read from model folders. Can be read again, so it need not wait for the disk, and one that refuses costs a second
 *  look at the folder, never the model in it. */
import { eq } from './drizzle.ts'
import type { Database } from './database.ts'
import { ifItCan } from './refusal.ts'
import { modelFacts } from './schema.ts'

export type ModelFactsRow = typeof modelFacts.$inferSelect

export interface ModelFactsTable {
  /** Undefined also where it was not kept, or cannot be read. */
  get(path: string): ModelFactsRow | undefined
  set(row: ModelFactsRow): void
  remove(path: string): void
}

export function createModelFacts({ relaxed }: Database): ModelFactsTable {
  return {
    get: (path) => ifItCan(() => relaxed.select().from(modelFacts).where(eq(modelFacts.path, path)).get()),
    set(row) {
      ifItCan(() =>
        relaxed.insert(modelFacts).values(row).onConflictDoUpdate({ target: modelFacts.path, set: row }).run(),
      )
    },
    remove(path) {
      ifItCan(() => relaxed.delete(modelFacts).where(eq(modelFacts.path, path)).run())
    },
  }
}
