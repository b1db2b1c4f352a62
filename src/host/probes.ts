/** The two ways of asking the system: a small file, a small command. Whatever cannot be asked is undefined. */
import { readFile } from 'node:fs/promises'
import { execa } from 'execa'

export type ReadText = (path: string) => Promise<string | undefined>
export type Run = (file: string, args: readonly string[]) => Promise<string | undefined>

export interface Probes {
  readonly platform: NodeJS.Platform
  readonly readText: ReadText
  readonly run: Run
}

const commandTimeoutMs = 10_000

/** Absent, gone meanwhile, or none of our business. Anything else (no descriptors left, say) is no answer at all and is thrown. */
const untold = new Set(['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM'])

export const readText: ReadText = async (path) => {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && untold.has(String(thrown.code))) return undefined
    throw thrown
  }
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
