/** What a log file holds from earlier runs of the gateway: its last lines, however long it is. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { codeOf } from '../errors.ts'
import { LineCutter } from './lines.ts'

const mostBytes = 256 * 1024

/** Oldest first; none where there is no such file. A line that begins before what is read is left out. Throws as the system does. */
export function earlierLines(path: string, longest: number): readonly string[] {
  const chunk = endOf(path)
  const cutter = new LineCutter(longest)
  const lines = [...cutter.push(chunk), ...cutter.flush()]
  return chunk.length < mostBytes ? lines : lines.slice(1)
}

function endOf(path: string): Buffer {
  let file
  try {
    file = openSync(path, 'r')
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return Buffer.alloc(0)
    throw thrown
  }
  try {
    const { size } = fstatSync(file)
    const chunk = Buffer.alloc(Math.min(size, mostBytes))
    const read = readSync(file, chunk, 0, chunk.length, size - chunk.length)
    return chunk.subarray(0, read)
  } finally {
    closeSync(file)
  }
}
