/** Waiting for the disk, so that what was written outlasts a power cut. */
import { open } from 'node:fs/promises'

/** Waits until a file's content, or a folder's names, are on disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
