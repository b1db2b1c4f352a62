/** What models take on disk. Can be measured again, so it need not wait for the disk. */
import { eq } from './drizzle.ts'
import type { Database } from './database.ts'
import { modelSizes } from './schema.ts'

export type ModelSizesRow = typeof modelSizes.$inferSelect

export interface ModelSizesTable {
  list(): ModelSizesRow[]
  set(row: ModelSizesRow): void
  remove(path: string): void
}

export function createModelSizes({ relaxed }: Database): ModelSizesTable {
  return {
    list: () => relaxed.select().from(modelSizes).all(),
    set(row) {
      relaxed.insert(modelSizes).values(row).onConflictDoUpdate({ target: modelSizes.path, set: row }).run()
    },
    remove(path) {
      relaxed.delete(modelSizes).where(eq(modelSizes.path, path)).run()
    },
  }
}
