/** A Hugging Face cache as huggingface_hub lays it out: blobs named after their content, snapshots of links, refs. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { HashFile } from '../../../src/catalog/catalog.ts'
import { tinyConfig, tinyWeights } from './model-folder.ts'

type Files = Readonly<Record<string, string | Buffer>>

/** A whole chat model. */
export const tinyFiles: Files = {
  'config.json': JSON.stringify(tinyConfig),
  'model.safetensors': tinyWeights,
  'tokenizer.json': '{}',
  'tokenizer_config.json': JSON.stringify({ chat_template: '{{ messages }}' }),
}

/** Forty digits, as git has them. */
export const commitOf = (digit: string): string => digit.repeat(40)

export function homeOf(cache: string, id: string): string {
  return join(cache, `models--${id.replace('/', '--')}`)
}

/** What a file's blob is called. */
export function blobOf(name: string, content: string | Buffer): string {
  const bytes = Buffer.from(content)
  if (name.endsWith('.safetensors')) return createHash('sha256').update(bytes).digest('hex')
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** One revision more of a repository. Returns the snapshot. */
export function writeRevision(
  cache: string,
  id: string,
  commit: string,
  { files = tinyFiles, refs = [] }: { readonly files?: Files; readonly refs?: readonly string[] } = {},
): string {
  const home = homeOf(cache, id)
  const snapshot = join(home, 'snapshots', commit)
  for (const [name, content] of Object.entries(files)) {
    const blob = join(home, 'blobs', blobOf(name, content))
    const link = join(snapshot, name)
    mkdirSync(dirname(blob), { recursive: true })
    mkdirSync(dirname(link), { recursive: true })
    if (!existsSync(blob)) writeFileSync(blob, content)
    symlinkSync(relative(dirname(link), blob), link)
  }
  for (const ref of refs) {
    mkdirSync(dirname(join(home, 'refs', ref)), { recursive: true })
    writeFileSync(join(home, 'refs', ref), commit)
  }
  return snapshot
}

/** Every path in a folder, links unfollowed, relative to it. */
export function pathsIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const inner = (name: string) => pathsIn(join(folder, name)).map((path) => join(name, path))
  return entries.flatMap((entry) => [entry.name, ...(entry.isDirectory() ? inner(entry.name) : [])]).sort()
}

/** What the files in a folder hold of the disk, reckoned in another way than the catalog does. */
export function heldIn(folder: string): number {
  const inodes = new Map(
    pathsIn(folder)
      .map((path) => lstatSync(join(folder, path)))
      .filter((facts) => !facts.isDirectory())
      .map((facts) => [facts.ino, facts.blocks * 512]),
  )
  return [...inodes.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/** Hashes as the hub does. */
export const hashFile: HashFile = ({ path, hash }, read, signal) => {
  signal.throwIfAborted()
  const bytes = readFileSync(path)
  read(bytes.length)
  return Promise.resolve(blobOf(hash === 'sha256' ? '.safetensors' : '', bytes))
}
