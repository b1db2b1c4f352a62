import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { replaceDurably } from '../../../src/store/store.ts'
import { temporaryFolder } from '../../unit/api/house.ts'

describe('a file that is replaced as a whole', () => {
  test('is for its owner alone, whatever was there, and nothing stays beside it', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'settings.yaml')
    replaceDurably(file, 'one')
    chmodSync(file, 0o644)
    writeFileSync(`${file}.new`, 'of a gateway that was killed while it wrote')
    replaceDurably(file, 'two')
    expect(readFileSync(file, 'utf8')).toBe('two')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder.path)).toEqual(['settings.yaml'])
  })

  test('stays as it was where the new one cannot be written', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'settings.yaml')
    replaceDurably(file, 'one')
    mkdirSync(join(`${file}.new`, 'in the way'), { recursive: true })
    expect(() => replaceDurably(file, 'two')).toThrow(expect.objectContaining({ code: 'store_unusable' }))
    expect(readFileSync(file, 'utf8')).toBe('one')
  })
})
