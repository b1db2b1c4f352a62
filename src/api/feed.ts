/** Those who watch the house live, seen from its doors. */
import type { Push } from './event-stream.ts'

export interface Feed {
  /** Measures what the snapshot of a newcomer needs. Rejects where the machine cannot be asked. */
  prepare(): Promise<void>
  /** Sends a snapshot, and from then on every event, until the signal aborts. */
  join(push: Push, signal: AbortSignal): void
}
