import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { publishFolder, replaceDurably } from '../../../src/engines/durable.ts'
import { ownFolder } from './folder.ts'

describe('a durable write', () => {
  test('replaces the file and leaves nothing beside it, however many write at once', async () => {
    const folder = await ownFolder()
    const path = join(folder, 'file')
    await Promise.all(['one', 'two', 'three'].map((text) => replaceDurably(path, text)))
    expect(['one', 'two', 'three']).toContain(await readFile(path, 'utf8'))
    expect(await readdir(folder)).toEqual(['file'])
  })

  test('publishes a folder with all that is in it', async () => {
    const folder = await ownFolder()
    await mkdir(join(folder, 'work/inner'), { recursive: true })
    await writeFile(join(folder, 'work/inner/file'), 'text')
    await publishFolder(join(folder, 'work'), join(folder, 'final'))
    expect(await readdir(folder)).toEqual(['final'])
    expect(await readFile(join(folder, 'final/inner/file'), 'utf8')).toBe('text')
  })
})
