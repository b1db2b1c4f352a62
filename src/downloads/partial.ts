/** A file that is on its way, and its journal: everything here waits for the disk, and so belongs in the thread of the transfers. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { decodeJournal, encodeHeader, encodeRecord, recordPosition, type PartRecord } from './journal.ts'
import type { BlobPlace } from './layout.ts'
import { PART_BYTES, type Parts } from './parts.ts'
import { refuseLinks } from './real-folder.ts'
import { EMPTY, spotCheck } from './spot-check.ts'

/** What may be lost of a part when the gateway is killed, beside what is being written. */
const NOTED_EVERY = 64 * 1024
const READ_BYTES = 1024 ** 2

export class Partial {
  readonly #parts: Parts
  readonly #named: { readonly blob: string; readonly bytes: number }
  readonly #file: number
  readonly #journal: number
  readonly #sum: Uint32Array
  readonly #noted: Uint32Array

  /** Takes what is there, or begins. Follows no links. */
  constructor(place: BlobPlace, named: { readonly blob: string; readonly bytes: number }, parts: Parts) {
    this.#named = named
    this.#parts = parts
    this.#sum = new Uint32Array(parts.count).fill(EMPTY)
    this.#noted = new Uint32Array(parts.count)
    this.#file = openOwn(place.partial)
    try {
      this.#journal = openOwn(place.journal)
    } catch (thrown) {
      closeSync(this.#file)
      throw thrown
    }
  }

  /** Reads what the journal says was written, and keeps of it what is right. Others may work between two parts. */
  async recover(pause: () => Promise<unknown>): Promise<void> {
    const records = decodeJournal(readWhole(this.#journal), this.#named)
    const memory = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, Math.max(1, this.#named.bytes)))
    if (records.size === 0) this.clear()
    for (const [part, record] of records) {
      if (this.#isRight(part, record, memory)) {
        this.#sum[part] = record.sum
        this.#noted[part] = record.written
        this.#parts.setWritten(part, record.written)
      } else this.#write(part, { written: 0, sum: EMPTY })
      await pause()
    }
  }

  /** The bytes lie where they belong and are noted when this returns, but for the last few of a part. */
  write(position: number, bytes: Buffer): void {
    writeAll(this.#file, bytes, position)
    for (let at = 0; at < bytes.length;) {
      const part = Math.floor((position + at) / PART_BYTES)
      const rest = (part + 1) * PART_BYTES - (position + at)
      const piece = bytes.subarray(at, at + rest)
      this.#add(part, piece)
      at += piece.length
    }
  }

  /** Forgets all of it, on disk first. */
  clear(): void {
    ftruncateSync(this.#journal, 0)
    writeAll(this.#journal, encodeHeader(this.#named), 0)
    ftruncateSync(this.#file, 0)
    this.#sum.fill(EMPTY)
    this.#noted.fill(0)
    this.#parts.clear()
  }

  /** Notes the last bytes as well; where the disk does not take that, they are fetched again. */
  close(): void {
    try {
      for (let part = 0; part < this.#parts.count; part += 1) {
        const written = this.#parts.written(part)
        if (written !== this.#noted[part]) this.#write(part, { written, sum: this.#sumOf(part) })
      }
    } catch {
      // it is full, or gone: what stands in the journal is right all the same
    }
    closeSync(this.#file)
    closeSync(this.#journal)
  }

  #add(part: number, piece: Buffer): void {
    const written = this.#parts.written(part) + piece.length
    this.#sum[part] = spotCheck(this.#sumOf(part), piece, this.#parts.written(part))
    this.#parts.setWritten(part, written)
    const isDue = written - (this.#noted[part] ?? 0) >= NOTED_EVERY || written === this.#parts.lengthOf(part)
    if (isDue) this.#write(part, { written, sum: this.#sumOf(part) })
  }

  #write(part: number, record: PartRecord): void {
    writeAll(this.#journal, encodeRecord(record), recordPosition(part))
    this.#noted[part] = record.written
  }

  #sumOf(part: number): number {
    return this.#sum[part] ?? EMPTY
  }

  #isRight(part: number, { written, sum }: PartRecord, memory: Buffer): boolean {
    let found = EMPTY
    for (let at = 0; at < written;) {
      const piece = memory.subarray(0, Math.min(memory.length, written - at))
      const read = readSync(this.#file, piece, 0, piece.length, part * PART_BYTES + at)
      if (read === 0) return false
      found = spotCheck(found, piece.subarray(0, read), at)
      at += read
    }
    return found === sum
  }
}

function openOwn(path: string): number {
  refuseLinks(path)
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
  return openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o666)
}

function writeAll(file: number, bytes: Buffer, position: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, position + at)
}

function readWhole(file: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(file).size)
  let at = 0
  for (let read = -1; read !== 0 && at < bytes.length; at += read) {
    read = readSync(file, bytes, at, bytes.length - at, at)
  }
  return bytes.subarray(0, at)
}
