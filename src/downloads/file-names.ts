/** Which names the files of a repository may bear, before any of them becomes a path on this disk. Pure. */
import { GatewayError } from '../errors.ts'
import type { HubFile } from '../hub/hub.ts'

/** In bytes: of a name on every file system we know, and of a path inside a snapshot, whose folders stand before it. */
const LONGEST_NAME = 255
const LONGEST_PATH = 600

const BLOB = { sha256: /^[0-9a-f]{64}$/, 'git-sha1': /^[0-9a-f]{40}$/ } as const

/** Throws GatewayError `invalid_request` for names that lead elsewhere, that no disk can hold, or two that are one on a disk
 *  that ignores case (which is what a Mac has). */
export function refuseNames(files: readonly HubFile[]): void {
  const seen = new Map<string, string>()
  for (const { path, blob, bytes, hash } of files) {
    const wrong = wrongWith(path)
    if (wrong !== undefined) throw refused(path, wrong)
    if (!BLOB[hash].test(blob)) throw refused(path, `its hash is ${JSON.stringify(blob.slice(0, 80))}`)
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw refused(path, `its size is ${bytes}`)
    const other = seen.get(folded(path))
    if (other !== undefined) throw refused(path, `it clashes with ${JSON.stringify(other)}`)
    seen.set(folded(path), path)
  }
  for (const [name, path] of seen) {
    const file = foldersOf(name).find((folder) => seen.has(folder))
    if (file !== undefined) throw refused(path, `${JSON.stringify(seen.get(file))} is a file and cannot be its folder`)
  }
}

/** In words; undefined where nothing is. */
function wrongWith(path: string): string | undefined {
  if (/[\0-\x1f\x7f]/.test(path)) return 'it holds a control character'
  if (path.includes('\\')) return 'it holds a backslash'
  if (!path.isWellFormed()) return 'it is no text'
  if (path.startsWith('/')) return 'it starts at the root'
  const names = path.split('/')
  if (names.some((name) => name === '' || name === '.' || name === '..')) return 'it leads elsewhere'
  if (names.some((name) => Buffer.byteLength(name) > LONGEST_NAME)) return 'it is too long'
  return Buffer.byteLength(path) > LONGEST_PATH ? 'it is too long' : undefined
}

/** Equal for names that are one on a disk that ignores case and ways to write an accent. */
function folded(path: string): string {
  return path.normalize('NFD').toUpperCase().toLowerCase()
}

function foldersOf(path: string): readonly string[] {
  const names = path.split('/')
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'))
}

function refused(path: string, why: string): GatewayError {
  const shown = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path)
  return new GatewayError('invalid_request', `The repository has a file called ${shown}, which is refused: ${why}.`)
}
