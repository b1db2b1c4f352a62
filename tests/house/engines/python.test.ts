import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPython, type PythonSearch } from '../../../src/engines/python.ts'
import { fakePython, ownFolder, script } from '../../unit/engines/folder.ts'
import { never } from '../../unit/engines/served.ts'

const search = (folders: readonly string[], more: Partial<PythonSearch> = {}): PythonSearch => ({
  chosen: undefined,
  folders,
  environment: { PATH: process.env['PATH'] ?? '' },
  platform: 'linux',
  ...more,
})

describe('the Python for engines', () => {
  test('is python3 on PATH where that fits', async () => {
    const folder = await ownFolder()
    const python = await fakePython(join(folder, 'python3'), { version: '3 11' })
    await fakePython(join(folder, 'python3.13'), { version: '3 13' })
    expect(await findPython(search([folder]), never)).toEqual({ executable: python, version: '3.11' })
  })

  test('is another one on PATH where python3 is too old, too new or does not run', async () => {
    for (const body of ['echo python 3 9 arm64 /x', 'echo python 3 15 arm64 /x', 'exit 127']) {
      const folder = await ownFolder()
      await script(join(folder, 'python3'), body)
      const python = await fakePython(join(folder, 'python3.13'), { version: '3 13' })
      expect((await findPython(search([folder]), never)).executable).toBe(python)
    }
  })

  test('is only ever the chosen one where one is chosen', async () => {
    const folder = await ownFolder()
    await fakePython(join(folder, 'python3'))
    const chosen = await fakePython(join(folder, 'mine'), { version: '3 10' })
    await expect(findPython(search([folder], { chosen }), never)).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: `mlx-lm needs Python 3.11 to 3.14, but ${chosen} is Python 3.10, too old. Name another one as engines.python in the configuration.`,
    })
    await expect(findPython(search([folder], { chosen: '/nowhere/python' }), never)).rejects.toThrow(
      '/nowhere/python was not found',
    )
  })

  test('that is missing gives a message that says what to install', async () => {
    await expect(findPython(search([await ownFolder()]), never)).rejects.toThrow(
      /no Python was found on PATH\. Install/,
    )
  })

  test('that is too old is named with its version', async () => {
    const folder = await ownFolder()
    const python = await fakePython(join(folder, 'python3'), { version: '3 9' })
    await expect(findPython(search([folder]), never)).rejects.toThrow(`${python} is Python 3.9, too old`)
  })

  test('is none for Intel on macOS, where MLX has no build for it', async () => {
    const folder = await ownFolder()
    await script(join(folder, 'python3'), 'echo "python 3 12 x86_64 $0"')
    await expect(findPython(search([folder], { platform: 'darwin' }), never)).rejects.toThrow('a Python for Intel')
    expect(await findPython(search([folder]), never)).toMatchObject({ version: '3.12' })
  })
})
