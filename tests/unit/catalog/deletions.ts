/** A Hugging Face cache to delete from, and a catalog over it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { homeOf } from './hub-cache.ts'
import { openCatalog, temporaryFolder, writeFiles } from './model-folder.ts'
import { id } from './two-commits.ts'

export const refusal = (code: string, words: string) => ({ code, message: expect.stringContaining(words) })

export function openCache() {
  const cache = join(temporaryFolder(), 'hub')
  mkdirSync(cache)
  const home = homeOf(cache, id)
  const opened = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
  return { ...opened, cache, home, put: (path: string, content = 'x') => writeFiles(home, { [path]: content }) }
}
