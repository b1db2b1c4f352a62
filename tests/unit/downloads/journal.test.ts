import { describe, expect, test } from 'vitest'
import { decodeJournal, encodeHeader, encodeRecord, HEADER_BYTES } from '../../../src/downloads/journal.ts'
import { PART_BYTES } from '../../../src/downloads/parts.ts'

const file = { blob: 'f'.repeat(64), bytes: PART_BYTES * 2 + 100 }
const record = { written: 1000, sum: 0xdeadbeef }
const journal = (...records: readonly Buffer[]) => Buffer.concat([encodeHeader(file), ...records])

describe('a journal', () => {
  test('tells what was written of each part', () => {
    const records = [encodeRecord(record), encodeRecord({ written: 0, sum: 0 }), encodeRecord({ written: 100, sum: 1 })]
    expect(decodeJournal(journal(...records), file)).toEqual(
      new Map([
        [0, record],
        [2, { written: 100, sum: 1 }],
      ]),
    )
  })

  test('says nothing of another file', () => {
    const text = journal(encodeRecord(record))
    expect(decodeJournal(text, { ...file, blob: 'e'.repeat(64) }).size).toBe(0)
    expect(decodeJournal(text, { ...file, bytes: file.bytes + 1 }).size).toBe(0)
  })

  test('that is empty, torn or full of something else says nothing wrong', () => {
    expect(decodeJournal(Buffer.alloc(0), file).size).toBe(0)
    expect(decodeJournal(journal(encodeRecord(record).subarray(0, 7)), file).size).toBe(0)
    expect(decodeJournal(Buffer.alloc(HEADER_BYTES + 80, 0xff), file).size).toBe(0)
    const tooMuch = encodeRecord({ written: PART_BYTES + 1, sum: 1 })
    expect(decodeJournal(journal(tooMuch, tooMuch, tooMuch), file).size).toBe(0)
    const beyond = encodeRecord({ written: 1, sum: 1 })
    expect([...decodeJournal(journal(beyond, beyond, beyond, beyond), file).keys()]).toEqual([0, 1, 2])
  })
})
