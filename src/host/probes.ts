/** The two ways of asking the system: a small file, a small command. Whatever cannot be asked is undefined. */
import { readFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { execa } from 'execa'
import { codeOf } from '../errors.ts'

/** `enough`: where that holds of what has been read, the rest of the file is not wanted. */
export type ReadText = (path: string, enough?: (text: string) => boolean) => Promise<string | undefined>
export type Run = (file: string, args: readonly string[]) => Promise<string | undefined>

export interface Probes {
  readonly platform: NodeJS.Platform
  readonly readText: ReadText
  readonly run: Run
}

const commandTimeoutMs = 10_000

/** Absent, gone meanwhile, or none of our business. Anything else (no descriptors left, say) is no answer at all and is thrown. */
const untold = new Set(['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM'])

export const readText: ReadText = async (path, enough) => {
  try {
    return enough === undefined ? await readFile(path, 'utf8') : await readUntil(path, enough)
  } catch (thrown) {
    return noAnswer(thrown)
  }
}

/** The same without waiting, for the many small files of `/proc`: they are memory, and reading them in turn costs a tenth of what handing
 *  each to a thread does. */
export function readNow(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    return noAnswer(thrown)
  }
}

async function readUntil(path: string, enough: (text: string) => boolean): Promise<string> {
  const file = await open(path)
  try {
    const piece = Buffer.alloc(64 * 1024)
    for (let text = ''; ;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, null)
      text += piece.toString('latin1', 0, bytesRead)
      if (bytesRead === 0 || enough(text)) return text
    }
  } finally {
    await file.close()
  }
}

/** Throws what is no answer at all. */
export function noAnswer(thrown: unknown): undefined {
  if (untold.has(String(codeOf(thrown)))) return undefined
  throw thrown
}

/** What the command wrote, even where it then failed: `sysctl` and `ps` fail when one of several things asked for is absent,
 *  `lsof` when there is nothing to list. Undefined where it could not be run. In the C locale and UTC, so that times read
 *  the same whoever started the gateway. */
export const run: Run = async (file, args) => {
  const result = await execa(file, args, {
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdin: 'ignore',
    stripFinalNewline: false,
    reject: false,
    timeout: commandTimeoutMs,
    maxBuffer: 16 * 1024 ** 2,
  })
  return result.exitCode === undefined ? undefined : result.stdout
}
