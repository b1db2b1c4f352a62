/** What goes wrong with a disk, in the product's words; and whether there is room on it. */
import { statfsSync } from 'node:fs'
import { GatewayError, messageOf, type ErrorCode } from '../errors.ts'
import { sized } from '../wire/size.ts'

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EACCES: 'read_only',
  EPERM: 'read_only',
  EROFS: 'read_only',
}

const WORDS: Partial<Record<ErrorCode, string>> = {
  disk_full: 'There is no space left on the disk of',
  read_only: 'The gateway may not write to',
}

/** What was thrown, as a GatewayError where it is the disk's; anything else as it is. */
export function diskTrouble(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('syscall' in thrown)) return thrown
  const code = CODES[String(thrown.code)] ?? 'store_unusable'
  const words = WORDS[code] ?? 'Something is wrong with the disk of'
  return new GatewayError(code, `${words} ${path} (${messageOf(thrown)}).`, { cause: thrown })
}

/** Throws GatewayError `disk_full` where the disk has no room for so many bytes more, beside those that are to stay free. */
export function refuseIfFull(path: string, bytes: number, keepFree: number): void {
  const { bavail, bsize } = statfsSync(path)
  const free = bavail * bsize
  if (free >= bytes + keepFree) return
  const need = bytes > 0 ? `${sized(bytes)} more are needed` : 'a download has come that far'
  const message = `There is no room on the disk of ${path}: ${sized(free)} are free, ${need}, and ${sized(keepFree)} are to stay free (downloads.keepFree). Make room, and it goes on.`
  throw new GatewayError('disk_full', message)
}
