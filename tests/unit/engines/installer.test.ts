import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findInstaller, findUnpacker, pipInstaller, uvInstaller } from '../../../src/engines/installer.ts'
import type { PythonSearch } from '../../../src/engines/python.ts'
import { fakePython, ownFolder, script } from './folder.ts'
import { never } from './served.ts'

const search = (folder: string, chosen?: string): PythonSearch => ({
  chosen,
  folders: [folder],
  environment: { PATH: process.env['PATH'] ?? '' },
  platform: 'linux',
})

describe('an installer', () => {
  test('is pip of the Python that was found, where there is no uv', async () => {
    const folder = await ownFolder()
    const python = await fakePython(join(folder, 'python3'))
    const installer = await findInstaller(search(folder), never)
    expect(installer.name).toBe('pip')
    expect(installer.create('/env')).toEqual({ file: python, arguments: ['-m', 'venv', '/env'] })
  })

  test('is uv with the same Python, where uv is on PATH', async () => {
    const folder = await ownFolder()
    const uv = await script(join(folder, 'uv'), 'exit 0')
    const python = await fakePython(join(folder, 'python3'))
    expect((await findInstaller(search(folder), never)).create('/env')).toEqual({
      file: uv,
      arguments: ['venv', '--no-project', '--python', python, '/env'],
    })
  })

  test('is uv with a Python that it brings itself, where none fits, but not where one was chosen', async () => {
    const folder = await ownFolder()
    await script(join(folder, 'uv'), 'exit 0')
    await fakePython(join(folder, 'python3'), { version: '3 9' })
    expect((await findInstaller(search(folder), never)).create('/env').arguments).toContain('>=3.11,<3.15')
    await expect(findInstaller(search(folder, 'python3'), never)).rejects.toThrow('is Python 3.9, too old')
  })

  test('takes ready-built packages only, so that nothing is compiled', () => {
    for (const installer of [uvInstaller('/uv', '/python'), pipInstaller('/python')]) {
      expect(installer.install('/env', ['x']).arguments.join(' ')).toContain('--only-binary :all:')
      expect(installer.unpack('/folder', ['x']).arguments.join(' ')).toMatch(
        /--only-binary :all: .*--target \/folder x$/,
      )
    }
  })
})

describe('an unpacker for an engine’s Python', () => {
  const noPip = 'echo "No module named pip"; exit 1'

  test('is its own pip where it has one', async () => {
    const folder = await ownFolder()
    const own = await fakePython(join(folder, 'env/bin/python'))
    expect((await findUnpacker(own, search(folder), never)).unpack('/to', []).file).toBe(own)
  })

  test('is another Python’s pip where the environment was made by a uv that has gone', async () => {
    const folder = await ownFolder()
    const own = await script(join(folder, 'env/bin/python'), noPip)
    const python = await fakePython(join(folder, 'python3'))
    expect((await findUnpacker(own, search(folder), never)).unpack('/to', []).file).toBe(python)
  })

  test('is uv where it is on PATH', async () => {
    const folder = await ownFolder()
    const own = await script(join(folder, 'env/bin/python'), noPip)
    const uv = await script(join(folder, 'uv'), 'exit 0')
    expect((await findUnpacker(own, search(folder), never)).unpack('/to', []).file).toBe(uv)
  })

  test('that is nowhere to be found gives a message that says what to install', async () => {
    const folder = await ownFolder()
    const own = await script(join(folder, 'env/bin/python'), noPip)
    await script(
      join(folder, 'python3'),
      `case "$*" in *version_info*) echo "python 3 12 arm64 $0";; *) ${noPip};; esac`,
    )
    await expect(findUnpacker(own, search(folder), never)).rejects.toThrow('needs pip or uv')
  })
})
