/** Waiting for a model to be on disk. */
import { GatewayError } from '../errors.ts'
import type { Download } from './event.ts'
import type { Pull } from './pull.ts'

/** Resolves when the download is complete; `report` hears of every change meanwhile. The signal ends the waiting, not the download. Throws
 *  a GatewayError where it will not come by itself: of one that failed its own code, so that whoever asked for the model is told what it is. */
export async function untilOnDisk(
  pull: Pull,
  report: (download: Download) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const leave = (): void => reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  const stop = pull.watch(() => {
    const download = pull.snapshot()
    report(download)
    if (download.state.kind === 'complete') resolve()
    const why = whyItStays(download)
    if (why !== undefined) reject(why)
  }, reject)
  try {
    await promise
  } finally {
    stop()
    signal.removeEventListener('abort', leave)
  }
}

/** Undefined for one that goes on, or will by itself. */
function whyItStays({ repo, state }: Download): GatewayError | undefined {
  switch (state.kind) {
    case 'failed':
      return new GatewayError(state.code, `The download of ${repo} has failed: ${state.reason}`)
    case 'cancelled':
      return new GatewayError('server_unavailable', `The download of ${repo} was cancelled.`)
    case 'paused':
      if (state.by !== 'hand') return undefined
      return new GatewayError('server_unavailable', `The download of ${repo} waits: ${state.reason}`)
    default:
      return undefined
  }
}
