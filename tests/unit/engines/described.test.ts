import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rememberDescriptions } from '../../../src/engines/described.ts'
import type { Description } from '../../../src/engines/executable.ts'
import { ownFolder, script } from './folder.ts'
import { never } from './served.ts'

async function aMemory() {
  const folder = await ownFolder()
  const executable = await script(join(folder, 'with space/mlx_lm.server'), 'exit 0')
  const python = await script(join(folder, 'python'), 'exit 0')
  const memory = join(folder, 'engines/described.json')
  const asked: string[] = []
  const ask = (path: string): Promise<Description> => {
    asked.push(path)
    return Promise.resolve({ flags: new Set(['--model']), version: '0.32.2', python })
  }
  return { executable, python, memory, asked, again: () => rememberDescriptions(ask, memory) }
}

describe('what an executable said', () => {
  test('is remembered, also by the next start', async () => {
    const { executable, asked, again } = await aMemory()
    const describeIt = again()
    const first = await describeIt(executable, never)
    expect(await describeIt(executable, never)).toEqual(first)
    expect(await again()(executable, never)).toEqual(first)
    expect(asked).toEqual([executable])
  })

  test('is asked anew when the file has changed', async () => {
    const { executable, asked, memory, again } = await aMemory()
    await again()(executable, never)
    await utimes(executable, 1, 1)
    await again()(executable, never)
    expect(asked.length).toBe(2)
    expect(JSON.parse(await readFile(memory, 'utf8'))).toHaveLength(1)
  })

  test('is asked anew when its Python has gone', async () => {
    const { executable, python, asked, again } = await aMemory()
    await again()(executable, never)
    await rm(python)
    await again()(executable, never)
    expect(asked.length).toBe(2)
  })

  test('is asked anew when the memory is broken', async () => {
    const { executable, memory, asked, again } = await aMemory()
    await again()(executable, never)
    for (const text of ['[{', '{}', '[{"path": 1}, null]']) {
      await writeFile(memory, text)
      await again()(executable, never)
    }
    expect(asked.length).toBe(4)
  })
})
