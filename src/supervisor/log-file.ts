/** The log file of one server: capped, with one older file beside it; a full disk costs lines, never the server. */
import { dirname, basename } from 'node:path'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import { messageOf } from '../errors.ts'
import { earlierLines } from './earlier-lines.ts'

const buffered = 1024 ** 2
const retryMs = 30_000

export interface LogFileParts {
  /** `…/small.log`; the older one is `…/small.log.1`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  now(): number
  trouble(message: string): void
}

export class LogFile {
  readonly #parts: LogFileParts
  #stream: RotatingFileStream | undefined
  #dropped = 0
  /** Set while the disk refuses. */
  #brokenAt: number | undefined

  constructor(parts: LogFileParts) {
    this.#parts = parts
  }

  /** The last lines that were written before, oldest first. */
  earlier(longest: number): readonly string[] {
    const { path, trouble } = this.#parts
    try {
      return earlierLines(path, longest)
    } catch (error) {
      trouble(`The log ${path} cannot be read (${messageOf(error)}).`)
      return []
    }
  }

  /** Never waits: what a slow or full disk cannot take is dropped, and counted in the file when it can take lines again. */
  write(lines: readonly string[]): void {
    if (lines.length === 0) return
    const stream = this.#stream ?? this.#open()
    if (stream === undefined || stream.writableLength > buffered) {
      this.#dropped += lines.length
      return
    }
    const missing = this.#dropped === 0 ? [] : [`[${this.#dropped} lines were not written]`]
    this.#dropped = 0
    stream.write([...missing, ...lines, ''].join('\n'), (error) => {
      if (error) this.#dropped += lines.length
      else this.#brokenAt = undefined
    })
  }

  /** Resolves when the file is closed; a later `write` opens it again. */
  async close(): Promise<void> {
    const stream = this.#stream
    this.#stream = undefined
    if (stream === undefined || stream.destroyed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    stream.once('close', resolve)
    stream.end()
    await promise
  }

  #open(): RotatingFileStream | undefined {
    const { path, size, now, trouble } = this.#parts
    if (this.#brokenAt !== undefined && Math.abs(now() - this.#brokenAt) < retryMs) return undefined
    const name = (older: number | Date | null) => `${basename(path)}${typeof older === 'number' ? `.${older}` : ''}`
    const stream = createStream(name, { path: dirname(path), size: `${Math.max(1, size)}B`, rotate: 1, mode: 0o600 })
    stream.on('error', (error) => {
      if (this.#brokenAt === undefined)
        trouble(`The log ${path} cannot be written (${messageOf(error)}); lines are dropped until it can.`)
      this.#brokenAt = now()
      if (this.#stream === stream) this.#stream = undefined
    })
    this.#stream = stream
    return stream
  }
}
