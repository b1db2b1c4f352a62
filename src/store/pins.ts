/** What people said of a profile's server: that it stays, or that it need not. */
import { eq } from './drizzle.ts'
import type { Database } from './database.ts'
import { pins } from './schema.ts'

type PinRow = typeof pins.$inferSelect

export interface PinsTable {
  list(): PinRow[]
  set(row: PinRow): void
  remove(profile: string): void
}

export function createPins({ durable }: Database): PinsTable {
  return {
    list: () => durable.select().from(pins).all(),
    set(row) {
      durable
        .insert(pins)
        .values(row)
        .onConflictDoUpdate({ target: pins.profile, set: { pinned: row.pinned } })
        .run()
    },
    remove(profile) {
      durable.delete(pins).where(eq(pins.profile, profile)).run()
    },
  }
}
