/** Gives a file that is right its final name, for good: the name comes after the bytes are on disk, and is on disk itself before anybody is
 *  told. */
import { closeSync, fsyncSync, openSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from '../errors.ts'
import type { Digest } from './digest.ts'
import type { Content } from './messages.ts'
import { refuseLinks } from './real-folder.ts'

export function promote(digest: Digest, partial: string, final: string): void {
  digest.flush()
  refuseLinks(final)
  renameSync(partial, final)
  const folder = openSync(dirname(final), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** It may have got its name while who asked for it was being replaced by another. */
export function isPromoted({ path, bytes }: Content, final: string): boolean {
  return sizeOf(path) === undefined && sizeOf(final) === bytes
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path).size
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}
