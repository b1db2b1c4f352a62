/** Whose servers stay: what a person said of a profile counts, else what the profile says of itself. */
import type { Profile } from '../catalog/catalog.ts'
import type { Store } from '../store/store.ts'

export class Pins {
  readonly #table: Store['pins']
  readonly #said: Map<string, boolean>

  constructor(table: Store['pins']) {
    this.#table = table
    this.#said = new Map(table.list().map(({ profile, pinned }) => [profile, pinned]))
  }

  holds({ name, pinned }: Profile): boolean {
    return this.#said.get(name) ?? pinned
  }

  /** Written down before it holds. */
  say(profile: string, pinned: boolean): void {
    this.#table.set({ profile, pinned })
    this.#said.set(profile, pinned)
  }

  /** What was said of a profile is said of it under its new name. */
  rename(before: string, after: string): void {
    const pinned = this.#said.get(before)
    if (pinned === undefined || before === after) return
    this.say(after, pinned)
    this.forget(before)
  }

  /** False where nobody had said anything. */
  forget(profile: string): boolean {
    if (!this.#said.has(profile)) return false
    this.#table.remove(profile)
    return this.#said.delete(profile)
  }
}
