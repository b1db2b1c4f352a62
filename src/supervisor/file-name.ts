/** What a profile's files are called. */
import { createHash } from 'node:crypto'

/** Readable, short enough for every file system, and another for every profile, also where case does not count. */
export function fileNameOf(profile: string): string {
  const readable = profile.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)
  return `${readable}-${createHash('sha256').update(profile).digest('hex').slice(0, 8)}`
}
