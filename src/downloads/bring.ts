/** Brings models that clients ask for, where that is allowed, and says how far each is. */
import type { Catalog } from '../catalog/catalog.ts'
import type { Progress } from '../engines/engines.ts'
import { sized } from '../wire/size.ts'
import { toBring } from './auto-pull.ts'
import type { Download } from './event.ts'
import type { DownloadState } from './lifecycle.ts'

/** Resolves when what the name stands for is on disk; the signal ends the waiting alone. Undefined: nothing is to be brought by that name. */
export type Bring = (
  name: string,
  report: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<void> | undefined

export interface BringParts {
  readonly catalog: Pick<Catalog, 'profiles' | 'local'>
  /** Whose models may be fetched so by now; `*`: anybody's. */
  readonly owners: () => readonly string[]
  /** See `Downloads.fetch`. */
  readonly fetch: (
    repo: string,
    revision: string,
    report: (download: Download) => void,
    signal: AbortSignal,
  ) => Promise<void>
}

export function createBring({ catalog, owners, fetch }: BringParts): Bring {
  return (name, report, signal) => {
    const allowed = owners()
    if (allowed.length === 0) return undefined
    const wanted = toBring(name, allowed, { profiles: catalog.profiles(), local: catalog.local() })
    if (wanted === undefined) return undefined
    return fetch(wanted.repo, wanted.revision, (download) => report(progressOf(download)), signal)
  }
}

/** Nothing of this machine's paths: clients are others than its owner. */
function progressOf({ repo, state, bytes, totalBytes }: Download): Progress {
  const share = totalBytes === 0 ? undefined : bytes / totalBytes
  return { phase: 'fetching', message: `${repo}, ${sized(bytes)} of ${sized(totalBytes)}${saidOf(state)}`, share }
}

function saidOf(state: DownloadState): string {
  switch (state.kind) {
    case 'queued':
      return ', waits for its turn'
    case 'verifying':
      return ', being verified'
    case 'paused':
      return state.by === 'disk' ? ', waits for space on the disk' : ', waits for the hub'
    default:
      return ''
  }
}
