/** Looks at a folder just before a file in it is opened or named. */
import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { GatewayError } from '../errors.ts'

/** Throws GatewayError `conflict` where the file's folder, or one above it, has become a link. */
export function refuseLinks(file: string): void {
  const folder = dirname(file)
  if (realpathSync(folder) !== folder) throw notAFolder(folder)
}

export function notAFolder(path: string): GatewayError {
  const message = `${path} is a link or a file where a folder of the Hugging Face cache should be; nothing is written through it. Remove it, and try again.`
  return new GatewayError('conflict', message)
}
