/** The last lines of the gateway's own log, and those who follow it. */
import { readable } from './readable.ts'

export interface ReadableLog {
  /** The last lines as a person reads them, oldest first. */
  lines(): readonly string[]
  /** Calls `hear` with each further line until the signal aborts. */
  follow(hear: (line: string) => void, signal: AbortSignal): void
}

const mostLines = 2_000
const mostCharacters = 1024 ** 2

/** Keeps what was written as it was written: who never looks costs nothing but that memory. */
export class LogRing implements ReadableLog {
  readonly #kept: string[] = []
  readonly #followers = new Set<(line: string) => void>()
  #characters = 0

  write(line: string): void {
    this.#kept.push(line)
    this.#characters += line.length
    while (this.#kept.length > mostLines || this.#characters > mostCharacters) {
      this.#characters -= this.#kept.shift()?.length ?? 0
    }
    if (this.#followers.size === 0) return
    const read = readable(line)
    for (const hear of this.#followers) hear(read)
  }

  lines(): readonly string[] {
    return this.#kept.map(readable)
  }

  follow(hear: (line: string) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    const follower = (line: string): void => {
      try {
        hear(line)
      } catch (error) {
        // what is said of this would be told to it again
        this.#followers.delete(follower)
        throw error
      }
    }
    this.#followers.add(follower)
    signal.addEventListener('abort', () => this.#followers.delete(follower), { once: true })
  }
}
