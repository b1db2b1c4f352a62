/** Writes that hold after a power cut: first the content, then the name. */
import { randomUUID } from 'node:crypto'
import { readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { flush } from '../host/host.ts'

/** Replaces a small file as a whole; a crash leaves the old one or the new one. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`
  await writeFile(fresh, text, { flush: true })
  await rename(fresh, path)
  await flush(dirname(path))
}

/** Gives a finished folder its final name, its files on disk before the name is. */
export async function publishFolder(from: string, to: string): Promise<void> {
  const files = await readdir(from, { recursive: true, withFileTypes: true })
  for (const file of files) if (file.isFile()) await flush(join(file.parentPath, file.name))
  await flush(from)
  await rename(from, to)
  await flush(dirname(to))
}
