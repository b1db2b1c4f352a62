/** The header of a safetensors file: u64 LE length, then JSON that names each tensor's type, shape and place. */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { GatewayError } from '../errors.ts'
import { isObject } from './raw-config.ts'

export interface Tensor {
  readonly name: string
  /** `F16`, `BF16`, `F32`, `U32` … */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly bytes: number
}

const LENGTH_BYTES = 8
/** As @huggingface/hub has it; the largest headers in use are about 10 MB. */
const MAX_HEADER = 25_000_000

/** Reads which tensors a file holds, not the tensors. `path` must be a real path: a link is not followed.
 *  Throws GatewayError `model_load_failed` where the file is no safetensors file or ends before its last tensor. */
export async function readTensors(path: string): Promise<readonly Tensor[]> {
  return (await readHeader(path)).tensors
}

/** As `readTensors`, and the tensors must fill the file to its end, as the format has it. */
export async function checkTensors(path: string): Promise<void> {
  const { tensors, dataBytes } = await readHeader(path)
  const filled = tensors.reduce((sum, { bytes }) => sum + bytes, 0)
  if (filled !== dataBytes) throw broken('its length is not what its header says')
}

async function readHeader(path: string): Promise<{ readonly tensors: readonly Tensor[]; readonly dataBytes: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await file.stat()
    const length = headerLength(await readExactly(file, 0, LENGTH_BYTES), size)
    const header = await readExactly(file, LENGTH_BYTES, length)
    const dataBytes = size - LENGTH_BYTES - length
    return { tensors: parseHeader(header.toString('utf8'), dataBytes), dataBytes }
  } finally {
    await file.close()
  }
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) throw broken('it is cut short')
    filled += bytesRead
  }
  return buffer
}

function headerLength(prefix: Buffer, fileBytes: number): number {
  const length = prefix.readBigUInt64LE()
  if (length > BigInt(MAX_HEADER)) throw broken('it is not a safetensors file')
  if (LENGTH_BYTES + Number(length) > fileBytes) throw broken('it is cut short')
  return Number(length)
}

/** The tensors a header names; `dataBytes`: how many bytes follow the header. Pure. */
export function parseHeader(json: string, dataBytes: number): readonly Tensor[] {
  let header: unknown
  try {
    header = JSON.parse(json)
  } catch (cause) {
    throw broken('its header is not JSON', cause)
  }
  if (!isObject(header)) throw broken('its header is not an object')
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => parseTensor(name, entry, dataBytes))
}

function parseTensor(name: string, entry: unknown, dataBytes: number): Tensor {
  if (!isObject(entry) || typeof entry['dtype'] !== 'string' || !Array.isArray(entry['shape'])) {
    throw broken('its header has an entry without type and shape')
  }
  const offsets: unknown = entry['data_offsets']
  const [start, end]: readonly unknown[] = Array.isArray(offsets) ? offsets : []
  if (!isCount(start) || !isCount(end) || start > end) throw broken('its header has an entry without a place')
  if (end > dataBytes) throw broken('it is cut short')
  return { name, dtype: entry['dtype'], shape: entry['shape'].filter(isCount), bytes: end - start }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function broken(what: string, cause?: unknown): GatewayError {
  return new GatewayError('model_load_failed', what, { cause })
}
