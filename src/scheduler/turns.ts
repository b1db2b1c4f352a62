/** Asks the queue for the next move, and carries it out, until there is none. */
import { launchFingerprint } from '../catalog/catalog.ts'
import type { Served } from '../catalog/catalog.ts'
import type { Target } from '../router/router.ts'
import type { Supervisor } from '../supervisor/supervisor.ts'
import type { Lines } from './lines.ts'
import { next } from './queue.ts'
import type { InTheWay, Move } from './queue.ts'
import { cannotFit, notStarted } from './refusal.ts'
import type { Residents } from './residents.ts'

interface TurnsParts {
  readonly lines: Lines
  readonly residents: Residents
  readonly supervisor: Pick<Supervisor, 'servers'>
  readonly reservation: (served: Served) => number
  readonly budgetBytes: () => number
  /** Ms since 1970. */
  readonly wallClock: () => number
}

export class Turns {
  readonly #parts: TurnsParts
  #inTheWay: InTheWay = new Map()

  constructor(parts: TurnsParts) {
    this.#parts = parts
  }

  /** Afterwards nobody waits who could be helped. */
  advance(): void {
    const { lines, residents, budgetBytes } = this.#parts
    // as when most answers end: nobody waits, and what is held may stay
    if (lines.empty && residents.bytes <= budgetBytes()) return
    for (let move = this.#next(); move !== undefined; move = this.#next()) this.#carryOut(move)
  }

  /** The profiles whose servers are in the way of those who wait for this one. */
  inTheWay(profile: string): readonly string[] {
    return this.#inTheWay.get(profile) ?? []
  }

  #next(): Move | undefined {
    const { lines, residents, reservation, budgetBytes } = this.#parts
    this.#inTheWay = new Map()
    return next(
      lines.all().map(({ profile, head, target }) => ({ profile, head, needBytes: reservation(target) })),
      residents.all().map((stay) => stay.seen(lines.head(stay.name)?.ticket)),
      budgetBytes(),
      this.#inTheWay,
    )
  }

  #carryOut(move: Move): void {
    const { lines, residents } = this.#parts
    switch (move.kind) {
      case 'grant': {
        const stay = residents.get(move.profile)
        if (stay !== undefined) lines.shift(move.profile)?.admit(stay)
        break
      }
      case 'start': {
        const [first, last] = [lines.head(move.profile), lines.newest(move.profile)]
        if (first !== undefined && last !== undefined) residents.load(last.target, move.bytes, first)
        break
      }
      case 'evict':
        this.#evict(move.profiles, move.for)
        break
      case 'refuse':
        lines.refuse(move.profile, cannotFit(move.profile, move.plan))
        break
    }
  }

  #evict(profiles: readonly string[], makesRoomFor: string | undefined): void {
    const { lines, residents } = this.#parts
    const target = makesRoomFor === undefined ? undefined : lines.newest(makesRoomFor)?.target
    const refusal = target && this.#notStarted(target)
    if (makesRoomFor !== undefined && refusal !== undefined) {
      lines.refuse(makesRoomFor, refusal)
      return
    }
    for (const profile of profiles) {
      const stay = residents.get(profile)
      if (stay !== undefined) residents.stop(stay, 'evicted', makesRoomFor)
    }
  }

  /** Changed settings are tried at once. */
  #notStarted(target: Target): Error | undefined {
    const { supervisor, wallClock } = this.#parts
    const { name } = target.profile
    const server = supervisor.servers().find(({ profile }) => profile === name)
    if (server === undefined || server.fingerprint !== launchFingerprint(target)) return undefined
    return notStarted(name, server.state, wallClock())
  }

  /** Stops the servers that take no newcomers and have served their turn. */
  stopClosing(): void {
    const { lines, residents } = this.#parts
    for (const stay of residents.all()) {
      if (stay.closing === undefined) continue
      const { state, door } = stay.seen(lines.head(stay.name)?.ticket)
      if (door === 'closing' && state === 'idle') residents.stop(stay, stay.closing)
    }
  }
}
