/** Whether a blob is in the cache already, whoever brought it. */
import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs'
import { isAbsolute, relative, sep } from 'node:path'
import { codeOf } from '../errors.ts'
import type { BlobPlace } from './layout.ts'

/** A blob gets its name only when it is whole, from us as from Python; a newer Python keeps the bytes of several models once, elsewhere in
 *  the cache, and links to them. What lies outside the cache is none of its blobs. */
export function isPresent(final: string, bytes: number, cache: string): boolean {
  const there = lookAt(lstatSync, final)
  if (there?.isSymbolicLink() !== true) return there?.isFile() === true && there.size === bytes
  const file = lookAt(statSync, final)
  return file?.isFile() === true && file.size === bytes && isInside(realpathSync(final), cache)
}

/** How much room the rest of it will take. A partial file has holes, which take none yet. */
export function bytesToCome({ final, partial }: BlobPlace, bytes: number, cache: string): number {
  if (isPresent(final, bytes, cache)) return 0
  const taken = (lookAt(lstatSync, partial)?.blocks ?? 0) * 512
  return Math.max(0, bytes - taken)
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function lookAt(look: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return look(path)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ELOOP') return undefined
    throw thrown
  }
}
