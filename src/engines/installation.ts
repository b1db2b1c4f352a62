/** Where an installed engine lies. Each installation has a folder of its own, `<root>/<version>/env-…`, and counts only once the file
 *  `<root>/<version>/installed` names it: written last, as a whole. All else there is what an interrupted one left. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../errors.ts'
import { flush } from '../host/host.ts'
import { replaceDurably } from './durable.ts'
import { pythonOf } from './installer.ts'
import { isExecutable } from './search-path.ts'

export interface Installation {
  readonly folder: string
  readonly executable: string
}

export interface Installations {
  /** The complete one; undefined also where its Python has been removed from the machine since. */
  current(): Promise<Installation | undefined>
  /** To be called where none is complete: removes what is left of others, and names a folder that is not there yet. */
  begin(): Promise<Installation>
  /** Declares it complete, then removes those of other versions. Its files must be on disk. */
  complete(installation: Installation): Promise<void>
  /** All of them, the declaration first. */
  remove(): Promise<void>
}

/** `program`: the executable's name. */
export function installations(root: string, version: string, program: string): Installations {
  const home = join(root, version)
  const declaration = join(home, 'installed')
  const at = (name: string): Installation => {
    const folder = join(home, name)
    return { folder, executable: join(folder, 'bin', program) }
  }
  const declared = async (): Promise<string | undefined> => {
    const text = await readFile(declaration, 'utf8').catch(ignoreAbsence)
    return /^(env-[0-9a-f]{8})\n$/.exec(text ?? '')?.[1]
  }

  return {
    async current() {
      const name = await declared()
      if (name === undefined) return undefined
      const installation = at(name)
      const whole = (await isExecutable(installation.executable)) && (await isExecutable(pythonOf(installation.folder)))
      return whole ? installation : undefined
    },

    async begin() {
      await mkdir(home, { recursive: true })
      await removeAllBut(undefined, home)
      return at(`env-${randomUUID().slice(0, 8)}`)
    },

    async complete(installation) {
      await replaceDurably(declaration, `${installation.folder.slice(home.length + 1)}\n`)
      await removeAllBut(version, root)
    },

    async remove() {
      await rm(declaration, { force: true })
      await flush(home).catch(ignoreAbsence)
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function removeAllBut(kept: string | undefined, folder: string): Promise<void> {
  const others = (await readdir(folder)).filter((name) => name !== kept)
  for (const name of others) await rm(join(folder, name), { recursive: true, force: true })
}

function ignoreAbsence(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined
  throw error
}
