/** People who are signed in to the admin page, by the hashes of their cookies. */
import { asc, eq, lt } from './drizzle.ts'
import type { Database } from './database.ts'
import { sessions } from './schema.ts'

export type SessionRow = typeof sessions.$inferSelect

export interface Sessions {
  /** Oldest first; perhaps with some that have expired. */
  list(): SessionRow[]
  /** Throws away those that had expired when this one was made. */
  add(row: SessionRow): void
  /** On disk before it returns, whatever becomes of the -wal file; false where there is no such session. */
  remove(hash: string): boolean
  /** As `remove`, of all. */
  removeAll(): void
}

export function createSessions({ durable, settle }: Database): Sessions {
  return {
    list: () => durable.select().from(sessions).orderBy(asc(sessions.createdAt), asc(sessions.hash)).all(),
    add(row) {
      durable.transaction(
        () => {
          durable.delete(sessions).where(lt(sessions.expiresAt, row.createdAt)).run()
          durable.insert(sessions).values(row).run()
        },
        { behavior: 'immediate' },
      )
    },
    remove(hash) {
      const removed = durable.delete(sessions).where(eq(sessions.hash, hash)).run().changes > 0
      settle()
      return removed
    },
    removeAll() {
      durable.delete(sessions).run()
      settle()
    },
  }
}
