import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodeHeader, encodeRecord } from '../../../src/downloads/journal.ts'
import { PART_BYTES } from '../../../src/downloads/parts.ts'
import { EMPTY, spotCheck } from '../../../src/downloads/spot-check.ts'
import type { TransferProgress } from '../../../src/downloads/transfer.ts'
import { furnish, MEBIBYTE } from '../../fixtures/downloads/furnish.ts'
import { generated } from '../../fixtures/hub/fake-hub.ts'

const path = 'model.safetensors'
const weights = generated(40 * MEBIBYTE + 5)
const everything = weights.read(0, weights.bytes)

/** A transfer that was broken off when the first part and half of the second had come, and how it was left on the disk. */
async function brokenOff(change: (left: { partial: string; journal: string }) => void = () => {}) {
  const world = await furnish({ files: { [path]: weights } })
  const [file] = world.files
  if (file === undefined) throw new Error('the hub has no file')
  const blobs = join(world.home, 'blobs')
  mkdirSync(blobs, { recursive: true })
  const left = {
    partial: join(blobs, `${file.blob}.test.gateway.incomplete`),
    journal: join(blobs, `${file.blob}.test.gateway.journal`),
  }
  const came = everything.subarray(0, PART_BYTES * 1.5)
  writeFileSync(left.partial, came)
  const records = [0, 1].map((part) => {
    const bytes = came.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
    return encodeRecord({ written: bytes.length, sum: spotCheck(EMPTY, bytes, 0) })
  })
  writeFileSync(left.journal, Buffer.concat([encodeHeader(file), ...records]))
  change(left)
  return world
}

function overwrite(file: string, position: number, bytes: Buffer): void {
  const open = openSync(file, 'r+')
  writeSync(open, bytes, 0, bytes.length, position)
  closeSync(open)
}

describe('a transfer that was broken off', () => {
  test('fetches only what is missing', async () => {
    await using world = await brokenOff()
    const last = (await world.pull()).at(-1)
    expect(last?.resumed).toBe(PART_BYTES * 1.5)
    expect(world.sent()).toBe(weights.bytes - PART_BYTES * 1.5)
    expect(world.read(path).equals(everything)).toBe(true)
    expect(world.blobs()).toHaveLength(1)
  })

  test.each<[string, (left: { partial: string; journal: string }) => void, number]>([
    [
      'by a power cut that lost some bytes of a part',
      ({ partial }) => overwrite(partial, 5000, Buffer.alloc(4096)),
      PART_BYTES / 2,
    ],
    ['by a power cut that lost the end of the file', ({ partial }) => truncateSync(partial, PART_BYTES), PART_BYTES],
    ['by a power cut that lost all of the file', ({ partial }) => truncateSync(partial, 0), 0],
    ['by a power cut that lost the journal', ({ journal }) => truncateSync(journal, 0), 0],
    ['by a power cut that tore the journal', ({ journal }) => truncateSync(journal, 128 + 12), PART_BYTES],
    [
      'by a power cut that garbled the journal',
      ({ journal }) => overwrite(journal, 128, Buffer.alloc(8, 7)),
      PART_BYTES / 2,
    ],
    ['and lost its file', ({ partial }) => rmSync(partial), 0],
    ['and whose journal is of another file', ({ journal }) => overwrite(journal, 60, Buffer.from('other')), 0],
  ])('%s fetches again what is not sure', async (_, change, kept) => {
    await using world = await brokenOff(change)
    const last = (await world.pull()).at(-1)
    expect(last?.resumed).toBe(kept)
    expect(world.sent()).toBe(weights.bytes - kept)
    expect(world.read(path).equals(everything)).toBe(true)
  })

  test('and lost its journal, has one again for the next time', async () => {
    await using world = await brokenOff(({ journal }) => truncateSync(journal, 0))
    world.hub.pace(10 * MEBIBYTE)
    const stop = new AbortController()
    const half = ({ bytes }: TransferProgress): void => {
      if (bytes > 5 * MEBIBYTE) stop.abort(new Error('half'))
    }
    await expect(world.transfers.start(world.job(), half, stop.signal)).rejects.toThrow('half')
    expect((await world.pull()).at(-1)?.resumed).toBeGreaterThan(5 * MEBIBYTE)
  })

  test('when all bytes had come is only verified', async () => {
    await using world = await brokenOff(({ partial, journal }) => {
      writeFileSync(partial, everything)
      const records = [0, 1, 2].map((part) => {
        const bytes = everything.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
        return encodeRecord({ written: bytes.length, sum: spotCheck(EMPTY, bytes, 0) })
      })
      records.forEach((record, part) => overwrite(journal, 128 + part * 8, record))
    })
    await world.pull()
    expect(world.sent()).toBe(0)
    expect(world.read(path).equals(everything)).toBe(true)
  })

  test('and whose file has grown at its end since, is fetched again', async () => {
    await using world = await brokenOff(({ partial }) => {
      const open = openSync(partial, 'r+')
      ftruncateSync(open, weights.bytes + 100)
      closeSync(open)
    })
    await world.pull()
    expect(world.read(path).equals(everything)).toBe(true)
  })

  test('before its name was given, but after the file was right, leaves nothing behind', async () => {
    await using world = await brokenOff()
    writeFileSync(join(world.home, 'blobs', world.files[0]?.blob ?? ''), everything)
    await world.pull()
    expect(world.sent()).toBe(0)
    expect(readdirSync(join(world.home, 'blobs'))).toEqual([world.files[0]?.blob])
  })
})
