/** What was read from model folders. Can be read again, so it need not wait for the disk. */
import { eq } from './drizzle.ts'
import type { Database } from './database.ts'
import { modelFacts } from './schema.ts'

export type ModelFactsRow = typeof modelFacts.$inferSelect

export interface ModelFactsTable {
  get(path: string): ModelFactsRow | undefined
  set(row: ModelFactsRow): void
  remove(path: string): void
}

export function createModelFacts({ relaxed }: Database): ModelFactsTable {
  return {
    get: (path) => relaxed.select().from(modelFacts).where(eq(modelFacts.path, path)).get(),
    set(row) {
      relaxed.insert(modelFacts).values(row).onConflictDoUpdate({ target: modelFacts.path, set: row }).run()
    },
    remove(path) {
      relaxed.delete(modelFacts).where(eq(modelFacts.path, path)).run()
    },
  }
}
