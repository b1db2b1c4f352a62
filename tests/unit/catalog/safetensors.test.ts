import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseHeader, readTensors } from '../../../src/catalog/safetensors.ts'
import { framed, safetensors, temporaryFolder } from './model-folder.ts'

function write(content: Buffer): string {
  const path = join(temporaryFolder(), 'model.safetensors')
  writeFileSync(path, content)
  return path
}

const two = { a: { dtype: 'F16', shape: [2, 3], bytes: 12 }, b: { dtype: 'U32', shape: [1], bytes: 4 } }

describe('a safetensors file', () => {
  it('tells its tensors without their data being read', async () => {
    expect(await readTensors(write(safetensors(two)))).toEqual([
      { name: 'a', dtype: 'F16', shape: [2, 3], bytes: 12 },
      { name: 'b', dtype: 'U32', shape: [1], bytes: 4 },
    ])
  })

  it.each([
    ['ends before its last tensor', safetensors(two).subarray(0, -1), 'cut short'],
    ['ends within its header', safetensors(two).subarray(0, 40), 'cut short'],
    ['ends within the length', Buffer.from('abc'), 'cut short'],
    ['is something else', Buffer.from('<!DOCTYPE html><html>Sign in</html>'), 'not a safetensors file'],
    ['has a header that is not JSON', framed('{"a":', 0), 'not JSON'],
    ['has a list for a header', framed('[]', 0), 'not an object'],
  ])('is refused that %s', async (_, content, reason) => {
    await expect(readTensors(write(Buffer.from(content)))).rejects.toMatchObject({
      code: 'model_load_failed',
      message: expect.stringContaining(reason),
    })
  })

  it('is not opened through a link', async () => {
    const path = write(safetensors(two))
    symlinkSync(path, `${path}.link`)
    await expect(readTensors(`${path}.link`)).rejects.toMatchObject({ code: 'ELOOP' })
  })

  it.each([
    ['no type', { shape: [], data_offsets: [0, 0] }],
    ['no shape', { dtype: 'F16', data_offsets: [0, 0] }],
    ['no offsets', { dtype: 'F16', shape: [] }],
    ['offsets that run backwards', { dtype: 'F16', shape: [], data_offsets: [4, 0] }],
    ['offsets that are no whole numbers', { dtype: 'F16', shape: [], data_offsets: [0, 1.5] }],
    ['negative offsets', { dtype: 'F16', shape: [], data_offsets: [-4, 0] }],
    ['an end beyond the file', { dtype: 'F16', shape: [], data_offsets: [0, 5] }],
  ])('may not have a tensor with %s', (_, entry) => {
    expect(() => parseHeader(JSON.stringify({ a: entry }), 4)).toThrow(/header|cut short/)
  })
})
