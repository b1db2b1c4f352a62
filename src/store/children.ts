/** Server processes that may be alive. */
import { asc, eq } from './drizzle.ts'
import type { Database } from './database.ts'
import { children } from './schema.ts'

export type ChildRow = typeof children.$inferSelect

export interface Children {
  /** Oldest first. */
  list(): ChildRow[]
  add(row: ChildRow): void
  started(nonce: string, pid: number, startTime: string): void
  remove(nonce: string): void
}

export function createChildren({ durable }: Database): Children {
  return {
    list: () => durable.select().from(children).orderBy(asc(children.createdAt), asc(children.nonce)).all(),
    add(row) {
      durable.insert(children).values(row).run()
    },
    started(nonce, pid, startTime) {
      durable.update(children).set({ pid, startTime }).where(eq(children.nonce, nonce)).run()
    },
    remove(nonce) {
      durable.delete(children).where(eq(children.nonce, nonce)).run()
    },
  }
}
