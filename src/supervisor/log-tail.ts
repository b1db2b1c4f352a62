/** The output of one server: its last lines in memory, all of it in a file, and those who follow it. */
import type { LogFile } from './log-file.ts'
import { LineCutter } from './lines.ts'

const lineCap = 4096
const kept = 500

export class LogTail {
  readonly #file: LogFile
  readonly #cutter = new LineCutter(lineCap)
  readonly #ring: string[]
  readonly #followers = new Set<(line: string) => void>()
  #received = 0
  #total: number

  /** Begins with what an earlier run of the gateway wrote. */
  constructor(file: LogFile) {
    this.#file = file
    this.#ring = file.earlier(lineCap).slice(-kept)
    this.#total = this.#ring.length
  }

  /** Bytes ever received: grows with every sign of life, finished line or not. */
  get received(): number {
    return this.#received
  }

  /** Lines ever added. */
  get mark(): number {
    return this.#total
  }

  write(chunk: Buffer): void {
    this.#received += chunk.length
    this.#add(this.#cutter.push(chunk))
  }

  /** What is remembered of the lines added since this mark, oldest first. */
  since(mark: number): readonly string[] {
    const fresh = Math.min(this.#total - mark, this.#ring.length)
    return fresh > 0 ? this.#ring.slice(-fresh) : []
  }

  /** Calls `line` for each further line until the signal aborts. */
  follow(line: (text: string) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    const follower = (text: string) => line(text)
    this.#followers.add(follower)
    signal.addEventListener('abort', () => this.#followers.delete(follower), { once: true })
  }

  /** Keeps what has no line end yet, and closes the file; further output opens it again. */
  async close(): Promise<void> {
    this.#add(this.#cutter.flush())
    await this.#file.close()
  }

  #add(lines: readonly string[]): void {
    this.#total += lines.length
    for (const text of lines) {
      this.#ring.push(text)
      if (this.#ring.length > kept) this.#ring.shift()
      for (const follower of this.#followers) follower(text)
    }
    this.#file.write(lines)
  }
}
