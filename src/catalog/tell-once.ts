/** Trouble that lasts is told of once, and again when it comes back. */
import type { CatalogEvent } from './events.ts'

/** A function to be called with all the trouble there is at the moment; it announces what is new. */
export function createTeller(announce: (event: CatalogEvent) => void): (messages: readonly string[]) => void {
  let told: ReadonlySet<string> = new Set()
  return (messages) => {
    for (const message of messages) if (!told.has(message)) announce({ type: 'catalog.trouble', message })
    told = new Set(messages)
  }
}
