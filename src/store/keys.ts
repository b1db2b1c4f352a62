/** API keys, by their hashes. */
import { and, asc, eq, isNull, sql } from './drizzle.ts'
import type { Database } from './database.ts'
import { keys } from './schema.ts'

export type KeyRow = typeof keys.$inferSelect

export interface Keys {
  /** Whether a key was ever made, also where the database has lost it; a revoked one counts. */
  everMade(): boolean
  /** Every key ever made, revoked ones too; oldest first. */
  list(): KeyRow[]
  byHash(hash: string): KeyRow | undefined
  add(row: KeyRow): void
  /** On disk before it returns. False where there is no such key, or it was revoked before. */
  revoke(id: string, at: number): boolean
  /** Kept in memory and written with the next batch of requests; losing the last seconds of it is fine. */
  used(id: string, at: number): void
}

interface KeysTable extends Keys {
  writeUses(): void
}

export function createKeys({ durable, relaxed, keysMarker, settle }: Database): KeysTable {
  const all = durable.select().from(keys).orderBy(asc(keys.createdAt), asc(keys.id)).prepare()
  const one = durable
    .select()
    .from(keys)
    .where(eq(keys.hash, sql.placeholder('hash')))
    .prepare()
  const uses = new Map<string, number>()
  const withUse = (row: KeyRow): KeyRow => ({ ...row, lastUsedAt: uses.get(row.id) ?? row.lastUsedAt })

  return {
    everMade: () => keysMarker.isSet(),
    list: () => all.all().map(withUse),
    byHash(hash) {
      const row = one.get({ hash })
      return row === undefined ? undefined : withUse(row)
    },
    add(row) {
      const first = keysMarker.set()
      try {
        durable.insert(keys).values(row).run()
      } catch (thrown) {
        if (first) keysMarker.clear()
        throw thrown
      }
      settle()
    },
    revoke(id, at) {
      const live = and(eq(keys.id, id), isNull(keys.revokedAt))
      const revoked = durable.update(keys).set({ revokedAt: at }).where(live).run().changes > 0
      settle()
      return revoked
    },
    used(id, at) {
      uses.set(id, at)
    },
    writeUses() {
      if (uses.size === 0) return
      relaxed.transaction(() => {
        for (const [id, lastUsedAt] of uses) relaxed.update(keys).set({ lastUsedAt }).where(eq(keys.id, id)).run()
      })
      uses.clear()
    },
  }
}
