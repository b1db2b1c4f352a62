/** The branches and tags of a repository in a Hugging Face cache: `refs/<name>` holds the commit it points at. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Look } from './candidate.ts'

/** A commit, as it may be the name of a snapshot's folder. */
export const COMMIT = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
/** `pr/7` and `feature/a/b` are names of branches too. */
const DEEPEST = 5

/** By name, in the order of the names. Links, and files that hold no commit, are passed over. */
export async function refsOf(repository: string, look: Look): Promise<ReadonlyMap<string, string>> {
  const refs = new Map<string, string>()
  async function read(folder: string, prefix: string, depth: number): Promise<void> {
    for (const entry of await look(folder)) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && depth < DEEPEST) await read(path, `${prefix}${entry.name}/`, depth + 1)
      if (!entry.isFile()) continue
      const commit = await commitIn(path)
      if (commit !== undefined) refs.set(`${prefix}${entry.name}`, commit)
    }
  }
  await read(join(repository, 'refs'), '', 1)
  return refs
}

/** Undefined also where the file has just gone. */
async function commitIn(path: string): Promise<string | undefined> {
  const text = (await readFile(path, 'utf8').catch(() => '')).trim()
  return COMMIT.test(text) ? text : undefined
}
