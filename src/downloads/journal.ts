/** What a journal says of its partial file: a line that names the blob, then for each part how much was written and the checksum of
 *  that. A record is written after its bytes, so that after a kill it says too little but nothing wrong; after a power cut, when bytes
 *  and records reach the disk in any order, the checksum tells. Pure. */
import { PART_BYTES } from './parts.ts'

export const HEADER_BYTES = 128
export const RECORD_BYTES = 8

export interface PartRecord {
  readonly written: number
  /** `spotCheck` of what was written. */
  readonly sum: number
}

interface Named {
  readonly blob: string
  readonly bytes: number
}

/** The parts are of a size, so another size is another format. */
function lineOf({ blob, bytes }: Named): string {
  return `mlx-gateway journal 1 parts=${PART_BYTES} blob=${blob} bytes=${bytes}`
}

export function encodeHeader(file: Named): Buffer {
  return Buffer.from(`${lineOf(file).padEnd(HEADER_BYTES - 1)}\n`)
}

export function encodeRecord({ written, sum }: PartRecord): Buffer {
  const record = Buffer.alloc(RECORD_BYTES)
  record.writeUInt32LE(written, 0)
  record.writeUInt32LE(sum, 4)
  return record
}

export function recordPosition(part: number): number {
  return HEADER_BYTES + part * RECORD_BYTES
}

/** One for each part that something is known of; empty where the journal is of another file, or none. */
export function decodeJournal(journal: Buffer, file: Named): ReadonlyMap<number, PartRecord> {
  const records = new Map<number, PartRecord>()
  if (!journal.subarray(0, HEADER_BYTES).equals(encodeHeader(file))) return records
  const parts = Math.ceil(file.bytes / PART_BYTES)
  for (let part = 0; part < parts && recordPosition(part + 1) <= journal.length; part += 1) {
    const at = recordPosition(part)
    const record = { written: journal.readUInt32LE(at), sum: journal.readUInt32LE(at + 4) }
    const length = Math.min(PART_BYTES, file.bytes - part * PART_BYTES)
    if (record.written > 0 && record.written <= length) records.set(part, record)
  }
  return records
}
