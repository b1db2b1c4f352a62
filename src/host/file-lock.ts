/** A lock on a file of the kind that Python's `filelock` takes (flock): programs that share a folder with us heed it, and we heed theirs. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { codeOf } from '../errors.ts'

const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
/** open(2) on macOS: locked with the opening. */
const O_EXLOCK = 0x20
const ATTEMPTS = 10
const PAUSE_MS = 100

/** Makes the file where there is none; a link is refused. Waits about a second for whoever has it. Undefined where it cannot be had, or
 *  where this system has no way to take it: then nothing is locked. The lock dies with the process. */
export async function lockFile(
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<AsyncDisposable | undefined> {
  const attempt = platform === 'darwin' ? openLocked : openAndLock
  try {
    for (let left = ATTEMPTS; left > 0; left--) {
      const file = await attempt(path)
      if (file !== undefined) return { [Symbol.asyncDispose]: () => file.close() }
      if (left > 1) await pause(PAUSE_MS)
    }
  } catch {
    // no such folder, no rights, a link in its place, no such command
  }
  return undefined
}

/** Undefined while another has it. */
async function openLocked(path: string): Promise<FileHandle | undefined> {
  try {
    return await openForAll(path, O_NONBLOCK | O_EXLOCK)
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined
    throw error
  }
}

/** A lock belongs to what was opened, not to who asked: `flock` takes it for the descriptor it is given, and it stays when flock ends. */
async function openAndLock(path: string): Promise<FileHandle | undefined> {
  const file = await openForAll(path, 0)
  try {
    const child = spawn('flock', ['--exclusive', '--nonblock', '3'], { stdio: ['ignore', 'ignore', 'ignore', file.fd] })
    const [code]: readonly unknown[] = await once(child, 'exit')
    if (code === 0) return file
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  return undefined
}

/** Whoever else uses the folder must be able to lock it as well, whatever our umask; only its owner can see to that. */
async function openForAll(path: string, more: number): Promise<FileHandle> {
  const file = await open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | more, 0o666)
  await file.chmod(0o666).catch(() => {})
  return file
}
