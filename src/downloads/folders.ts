/** Folders of a cache, made and looked at step by step, so that no link among them leads a file out of the cache. */
import { lstat, mkdir, realpath } from 'node:fs/promises'
import { codeOf } from '../errors.ts'
import { diskTrouble } from './disk.ts'
import { foldersTo } from './layout.ts'
import { notAFolder } from './real-folder.ts'

/** The cache's real path, made if need be. It may be a link itself: where the cache lies is the user's choice. */
export async function openCache(cache: string): Promise<string> {
  try {
    await mkdir(cache, { recursive: true })
    return await realpath(cache)
  } catch (thrown) {
    throw diskTrouble(thrown, cache)
  }
}

/** Makes what is missing from the cache (its real path) down to the folder. Throws GatewayError `conflict` for a link among the folders. */
export async function makeFolders(cache: string, innermost: string): Promise<void> {
  for (const folder of foldersTo(cache, innermost)) {
    try {
      await mkdir(folder)
    } catch (thrown) {
      if (codeOf(thrown) !== 'EEXIST') throw diskTrouble(thrown, folder)
    }
    if (!(await lstat(folder)).isDirectory()) throw notAFolder(folder)
  }
}
