/** Whose turn it is, and when it is tried again what waits for the disk or the network. */
import type { Settings } from '../config/config.ts'
import { messageOf } from '../errors.ts'
import type { DownloadsEvent } from './event.ts'
import { isUnderWay, isWanting } from './lifecycle.ts'
import type { Pull } from './pull.ts'

export interface Turns {
  /** Nobody has a turn before. */
  start(): void
  /** Gives turns to the longest waiting, as many as may run at once. */
  turn(): void
  close(): void
}

export interface TurnsParts {
  /** Oldest first. */
  readonly pulls: () => readonly Pull[]
  readonly settings: Pick<Settings['downloads'], 'parallel' | 'keepFree'>
  /** Bytes free where the models come to. */
  readonly freeBytes: () => Promise<number>
  /** Wants of disk and network are looked at so often, in milliseconds. */
  readonly lookAgainMs: number
  readonly announce: (event: DownloadsEvent) => void
}

export function createTurns({ pulls, settings, freeBytes, lookAgainMs, announce }: TurnsParts): Turns {
  let looking: NodeJS.Timeout | undefined
  let open = false

  function turn(): void {
    if (!open) return
    const all = pulls()
    const free = settings.parallel - all.filter(({ state }) => isUnderWay(state)).length
    const waiting = all.filter(({ state }) => state.kind === 'queued')
    for (const pull of waiting.slice(0, Math.max(0, free))) pull.begin()
    if (all.some(({ state }) => isWanting(state))) looking ??= setTimeout(() => void lookAgain(), lookAgainMs).unref()
  }

  /** What waited for the network tries again after a while; what waited for the disk, when there is room for all of it. */
  async function lookAgain(): Promise<void> {
    looking = undefined
    for (const pull of pulls()) {
      const { state } = pull
      if (!isWanting(state)) continue
      const hasCome = state.by === 'network' ? pull.isDue(lookAgainMs) : await hasRoom(pull)
      // somebody may have paused it meanwhile, or closed the gateway
      if (hasCome && open && pull.state === state) pull.resume()
    }
    turn()
  }

  async function hasRoom({ bytesLeft }: Pull): Promise<boolean> {
    try {
      return (await freeBytes()) >= bytesLeft + settings.keepFree
    } catch (error) {
      announce({ type: 'download.trouble', message: `The free space cannot be read: ${messageOf(error)}` })
      return false
    }
  }

  return {
    start() {
      open = true
      turn()
    },
    turn,
    close() {
      open = false
      clearTimeout(looking)
    },
  }
}
