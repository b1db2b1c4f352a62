/** A file's hash, as the hub names its blob after it, taken piece by piece from the disk. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, lstatSync, openSync, readSync } from 'node:fs'
import type { Content } from './messages.ts'

const READ_BYTES = 256 * 1024
/** Only one file is read at a time in a thread. */
const memory = Buffer.allocUnsafeSlow(READ_BYTES)

export class Digest {
  readonly #content: Content
  readonly #file: number
  #hash: Hash
  #at = 0

  constructor(content: Content) {
    this.#content = content
    this.#hash = begin(content)
    this.#file = openSync(content.path, 'r')
  }

  get at(): number {
    return this.#at
  }

  /** Reads on, but not beyond; false where the file ends before. */
  read(upTo: number): boolean {
    const read = readSync(this.#file, memory, 0, Math.min(READ_BYTES, upTo - this.#at), this.#at)
    this.#hash.update(memory.subarray(0, read))
    this.#at += read
    return read > 0
  }

  again(): void {
    this.#hash = begin(this.#content)
    this.#at = 0
  }

  /** Of what was read, in hexadecimal digits. Asked once. */
  digits(): string {
    return this.#hash.digest('hex')
  }

  /** Whether all of it was read, and there is no more. */
  isWhole(): boolean {
    return this.#at === this.#content.bytes && fstatSync(this.#file).size === this.#content.bytes
  }

  /** Whether the file that is read is the one called so. */
  isAt(path: string): boolean {
    const [open, named] = [fstatSync(this.#file), lstatSync(path)]
    return open.ino === named.ino && open.dev === named.dev
  }

  /** Waits until its bytes are on disk. */
  flush(): void {
    fsyncSync(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** git hashes a file behind a line of its own. */
function begin({ hash, bytes }: Content): Hash {
  return hash === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`)
}
