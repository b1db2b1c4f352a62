/** What a server holds, and whether the machine has it back. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Host } from '../host/host.ts'

const patienceMs = 5_000

/** Resolves when half of `heldBytes` is available again beyond `availableBefore`, or after five seconds. On macOS memory that was
 *  wired for the GPU comes back after the process is gone (jundot/omlx #2184); elsewhere it comes back with the end of the group. */
export async function memoryBack(
  host: Host,
  platform: NodeJS.Platform,
  availableBefore: number,
  heldBytes: number,
): Promise<void> {
  if (platform !== 'darwin') return
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline) {
    const { availableBytes } = await host.memory()
    if (availableBytes >= availableBefore + heldBytes / 2) return
    await sleep(100)
  }
}
