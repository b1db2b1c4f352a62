/** Profiles made through the admin API. What was acknowledged does not depend on the -wal file. */
import { asc, eq } from './drizzle.ts'
import { GatewayError } from '../errors.ts'
import type { Database } from './database.ts'
import { profiles } from './schema.ts'

export type ProfileRow = typeof profiles.$inferSelect

export interface Profiles {
  /** By name. */
  list(): ProfileRow[]
  /** Throws GatewayError `conflict` where the name is taken. */
  add(row: ProfileRow): void
  /** Replaces the profile called `name` (the row may carry a new name); false where there is none.
   *  Throws GatewayError `conflict` where the new name is taken. */
  replace(name: string, row: ProfileRow): boolean
  remove(name: string): boolean
}

export function createProfiles({ durable, settle }: Database): Profiles {
  const exists = (name: string) => durable.select().from(profiles).where(eq(profiles.name, name)).get() !== undefined

  return {
    list: () => durable.select().from(profiles).orderBy(asc(profiles.name)).all(),
    add(row) {
      if (durable.insert(profiles).values(row).onConflictDoNothing().run().changes === 0) throw taken(row.name)
      settle()
    },
    replace(name, row) {
      const replaced = durable.transaction(
        () => {
          if (row.name !== name && exists(name) && exists(row.name)) throw taken(row.name)
          return durable.update(profiles).set(row).where(eq(profiles.name, name)).run().changes > 0
        },
        { behavior: 'immediate' },
      )
      settle()
      return replaced
    },
    remove(name) {
      const removed = durable.delete(profiles).where(eq(profiles.name, name)).run().changes > 0
      settle()
      return removed
    },
  }
}

function taken(name: string): GatewayError {
  return new GatewayError('conflict', `There is a profile "${name}" already. Choose another name.`, { param: 'name' })
}
