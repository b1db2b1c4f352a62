/** What those who wait may expect: gathers what the estimate needs to know. */
import { estimate, type Party } from './estimate.ts'
import type { Lines } from './lines.ts'
import type { Residents } from './residents.ts'
import type { Turns } from './turns.ts'
import type { Usual } from './usual.ts'

interface OutlookParts {
  readonly residents: Residents
  readonly lines: Lines
  readonly turns: Turns
  readonly usual: Usual
  /** Ms on the monotonic clock. */
  readonly now: () => number
}

export class Outlook {
  readonly #parts: OutlookParts

  constructor(parts: OutlookParts) {
    this.#parts = parts
  }

  /** See `Scheduler.estimate`. */
  estimate(profile: string, position: number): number | undefined {
    const { residents, turns } = this.#parts
    const stay = residents.get(profile)
    // it leaves when those of its turn have ended, and the next of its profile comes
    if (stay?.phase.kind === 'ready' && !stay.open) return undefined
    const others = turns.inTheWay(profile).filter((other) => other !== profile)
    return estimate(
      this.#party(profile),
      position,
      others.map((other) => this.#party(other)),
    )
  }

  #party(profile: string): Party {
    const { residents, lines, usual, now } = this.#parts
    const stay = residents.get(profile)
    const concurrency = (stay?.profile ?? lines.newest(profile)?.target.profile)?.concurrency ?? 1
    return {
      state: stay === undefined ? 'absent' : stay.phase.kind === 'stuck' ? 'leaving' : stay.phase.kind,
      forMs: stay === undefined ? 0 : now() - (stay.phase.kind === 'loading' ? stay.since : stay.usedAt),
      usualLoadMs: usual.loadMs(profile),
      serviceMs: usual.serviceMs(profile),
      concurrency,
      waiting: lines.length(profile),
    }
  }
}
