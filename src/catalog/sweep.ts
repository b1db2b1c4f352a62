/** Deletes what lies in the store that repositories share and none of them leads to any more. */
import { randomUUID } from 'node:crypto'
import { realpath, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { lockFile } from '../host/host.ts'
import { manifestOf, referencesTo, sharedStoreIn } from './shared-store.ts'
import { entryAt } from './tree.ts'

/** How many bytes the disk got back. `payloads`: what blobs that have just gone led to. What somebody still leads to, or what nobody can
 *  say that of, stays: `hf cache prune` collects it one day. Others wait meanwhile, and where they do not let go, it stays as well. */
export async function sweep(payloads: Iterable<string>, cache: string): Promise<number> {
  const store = await sharedStoreIn(cache)
  if (store === undefined) return 0
  let freed = 0
  for (const payload of new Set(payloads)) {
    if (!(await liesInStore(payload))) continue
    await using lock = await lockFile(`${payload}.lock`)
    if (lock === undefined) continue
    const references = await referencesTo(payload, store)
    if (references === undefined) continue
    if (references.size > 0) await rewrite(manifestOf(payload), references, cache)
    else freed += await removePayload(payload)
  }
  return freed
}

/** Deletes one that is known to be broken, whoever leads to it: all of them lack it then, and say so. Its list stays for those. */
export async function discardPayload(payload: string): Promise<number> {
  if (!(await liesInStore(payload))) return 0
  await using lock = await lockFile(`${payload}.lock`)
  return lock === undefined ? 0 : removeFile(payload)
}

/** Its folder may have become a link. */
async function liesInStore(payload: string): Promise<boolean> {
  const folder = dirname(payload)
  return (await realpath(folder).catch(() => undefined)) === folder
}

async function removePayload(payload: string): Promise<number> {
  const freed = await removeFile(payload)
  await rm(manifestOf(payload), { force: true })
  return freed
}

async function removeFile(payload: string): Promise<number> {
  const entry = await entryAt(payload)
  if (entry?.kind !== 'file') return 0
  await unlink(payload)
  return entry.names === 1 ? entry.bytes : 0
}

/** As huggingface_hub does it, so that the list does not grow for ever. */
async function rewrite(manifest: string, references: ReadonlySet<string>, cache: string): Promise<void> {
  const lines = [...references].sort().map((path) => `${relative(cache, path)}\n`)
  const fresh = `${manifest}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await writeFile(fresh, lines.join(''), { mode: 0o666, flag: 'wx', flush: true })
    await rename(fresh, manifest)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}
