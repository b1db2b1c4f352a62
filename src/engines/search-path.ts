/** Finds programs by name, as a shell would. */
import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** Where people's tools are on a Mac although a service started by launchd does not have them on PATH. */
const MAC_FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin']

/** Absolute folders to search, in order. */
export function searchFolders(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  return [...new Set([...folders, ...(platform === 'darwin' ? MAC_FOLDERS : [])])]
}

/** Every executable file of that name, in the order of the folders; a name with a slash is a path and stands for itself. */
export async function findPrograms(name: string, folders: readonly string[]): Promise<string[]> {
  const candidates = name.includes('/') ? [resolve(name)] : folders.map((folder) => join(folder, name))
  const found = await Promise.all(candidates.map(async (path) => ((await isExecutable(path)) ? [path] : [])))
  return found.flat()
}

/** Whether there is a file that may be executed; follows links, so the link of a removed Python is none. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
