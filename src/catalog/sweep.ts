/** Deletes what lies in the store that repositories share and none of them leads to any more. */
import { randomUUID } from 'node:crypto'
import { realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { messageOf } from '../errors.ts'
import { lockFile } from '../host/host.ts'
import { manifestOf, referencesTo, sharedStoreIn } from './shared-store.ts'
import { removeFile } from './unlink.ts'

/** How many bytes the disk got back. `payloads`: what blobs that have just gone led to. What somebody still leads to, or what nobody can
 *  say that of, stays: `hf cache prune` collects it one day. Others wait meanwhile, and where they do not let go, it stays as well. `trouble`
 *  hears of what cannot be put in order: the blobs are gone all the same. */
export async function sweep(
  payloads: Iterable<string>,
  cache: string,
  trouble: (message: string) => void,
): Promise<number> {
  const store = await sharedStoreIn(cache)
  if (store === undefined) return 0
  let freed = 0
  for (const payload of new Set(payloads)) {
    try {
      freed += await sweepOne(payload, store)
    } catch (error) {
      trouble(`What the cache shares in ${payload} was left as it is: ${messageOf(error)}`)
    }
  }
  return freed
}

async function sweepOne(payload: string, store: string): Promise<number> {
  if (!(await liesInStore(payload))) return 0
  await using lock = await lockFile(`${payload}.lock`)
  if (lock === undefined) return 0
  const references = await referencesTo(payload, store)
  if (references === undefined) return 0
  if (references.size === 0) return removePayload(payload)
  await rewrite(manifestOf(payload), references, dirname(store))
  return 0
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
