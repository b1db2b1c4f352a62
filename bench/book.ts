/** What was measured: for each figure and subject, one value a round. */
import type { FigureName } from './figures.ts'
import { median } from './statistics.ts'

export interface Entry {
  readonly figure: FigureName
  readonly subject: string
  readonly values: readonly number[]
}

export class Book {
  readonly #entries = new Map<string, { figure: FigureName; subject: string; values: number[] }>()

  enter(figure: FigureName, subject: string, value: number): void {
    const key = `${figure} ${subject}`
    const entry = this.#entries.get(key) ?? { figure, subject, values: [] }
    entry.values.push(value)
    this.#entries.set(key, entry)
  }

  /** NaN where nothing was measured. */
  median(figure: FigureName, subject: string): number {
    return median(this.#entries.get(`${figure} ${subject}`)?.values ?? [])
  }

  entries(): readonly Entry[] {
    return [...this.#entries.values()]
  }
}
