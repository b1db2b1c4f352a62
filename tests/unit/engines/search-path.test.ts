import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPrograms, isExecutable, searchFolders } from '../../../src/engines/search-path.ts'
import { ownFolder, script } from './folder.ts'

describe('the folders of PATH', () => {
  test('are the absolute ones, in order, each once', () => {
    expect(searchFolders({ PATH: '/b:/a:.::/b' }, 'linux')).toEqual(['/b', '/a'])
    expect(searchFolders({}, 'linux')).toEqual([])
  })

  test('on macOS include where Homebrew puts programs, for a service has a bare PATH', () => {
    expect(searchFolders({ PATH: '/usr/bin' }, 'darwin')).toEqual(['/usr/bin', '/opt/homebrew/bin', '/usr/local/bin'])
  })
})

describe('programs', () => {
  test('are found by name in every folder, or by path', async () => {
    const folder = await ownFolder()
    const one = await script(join(folder, 'a/tool'), 'exit 0')
    const two = await script(join(folder, 'b/tool'), 'exit 0')
    const folders = [join(folder, 'a'), join(folder, 'absent'), join(folder, 'b')]
    expect(await findPrograms('tool', folders)).toEqual([one, two])
    expect(await findPrograms(two, folders)).toEqual([two])
    expect(await findPrograms('other', folders)).toEqual([])
  })

  test('are neither folders, nor files that may not be run, nor links to what has gone', async () => {
    const folder = await ownFolder()
    await mkdir(join(folder, 'folder'))
    await writeFile(join(folder, 'text'), '')
    await chmod(join(folder, 'text'), 0o644)
    await symlink(join(folder, 'gone'), join(folder, 'link'))
    for (const name of ['folder', 'text', 'link']) expect(await isExecutable(join(folder, name))).toBe(false)
  })
})
