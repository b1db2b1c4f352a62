/** Downloads: what was asked for, and how far it has come. What is acknowledged is on disk. */
import { asc, eq } from './drizzle.ts'
import type { Database } from './database.ts'
import { downloads } from './schema.ts'

export type DownloadRow = typeof downloads.$inferSelect

export interface DownloadsTable {
  /** Oldest first. */
  list(): DownloadRow[]
  /** Adds one and gives it its number. */
  add(row: Omit<DownloadRow, 'id'>): DownloadRow
  setState(id: number, state: Pick<DownloadRow, 'state' | 'pausedBy' | 'reason' | 'bytes' | 'updatedAt'>): void
  remove(id: number): void
}

export function createDownloads({ durable }: Database): DownloadsTable {
  return {
    list: () => durable.select().from(downloads).orderBy(asc(downloads.id)).all(),
    add: (row) => durable.insert(downloads).values(row).returning().get(),
    setState(id, state) {
      durable.update(downloads).set(state).where(eq(downloads.id, id)).run()
    },
    remove(id) {
      durable.delete(downloads).where(eq(downloads.id, id)).run()
    },
  }
}
