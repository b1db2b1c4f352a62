import { expect, test } from 'vitest'
import { fileNameOf } from '../../../src/supervisor/file-name.ts'

test('a profile can be told by its file, and no two share one', () => {
  const names = ['small', 'Small', 'a/b', 'a_b', 'a:b', 'CON', 'x'.repeat(193), `a${':'.repeat(190)}`]
  const files = names.map(fileNameOf)
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length)
  for (const file of files) expect(file).toMatch(/^[A-Za-z0-9._-]{1,100}$/)
  expect(files[0]).toMatch(/^small-/)
})
