/** A scheduler between a supervisor and a clock that are moved by hand. */
import { setImmediate } from 'node:timers/promises'
import { profileSettings, settings } from '../../../src/config/schema.ts'
import type { Settings } from '../../../src/config/config.ts'
import type { Target } from '../../../src/router/router.ts'
import { createScheduler } from '../../../src/scheduler/scheduler.ts'
import type { Lease, Scheduler, SchedulerEvent, Waiting } from '../../../src/scheduler/scheduler.ts'
import type { Store } from '../../../src/store/store.ts'
import { HandClock } from './hand-clock.ts'
import { HandSupervisor } from './hand-supervisor.ts'

interface ProfileOptions {
  readonly bytes?: number
  readonly concurrency?: number
  readonly idle?: number
  readonly pinned?: boolean
}

/** `bytes`: what a server of it takes of the budget. */
export function target(
  name: string,
  { bytes = 1, concurrency = 8, idle = 0, pinned = false }: ProfileOptions = {},
): Target {
  const profile = {
    ...profileSettings.parse({ name, pinned, memory: bytes }),
    origin: 'file',
    idle,
    concurrency,
  } as const
  return { name, profile, model: undefined }
}

/** A request and what has become of it so far. */
export class Asked {
  lease: Lease | undefined
  failure: unknown
  readonly told: Waiting[] = []
  readonly #client = new AbortController()

  constructor(scheduler: Scheduler, target: Target) {
    scheduler
      .acquire(target, this.#client.signal, (waiting) => this.told.push(waiting))
      .then(
        (lease) => (this.lease = lease),
        (failure: unknown) => (this.failure = failure),
      )
  }

  get state(): 'waits' | 'served' | 'refused' {
    if (this.failure !== undefined) return 'refused'
    return this.lease === undefined ? 'waits' : 'served'
  }

  /** Its answer has ended. */
  done(): void {
    this.lease?.release()
  }

  leave(reason: Error = new Error('the client left')): void {
    this.#client.abort(reason)
  }
}

function handPins(): Store['pins'] {
  const rows = new Map<string, boolean>()
  return {
    list: () => [...rows].map(([profile, pinned]) => ({ profile, pinned })),
    set: ({ profile, pinned }) => void rows.set(profile, pinned),
    remove: (profile) => void rows.delete(profile),
  }
}

export class Rig {
  readonly clock = new HandClock()
  readonly supervisor = new HandSupervisor()
  readonly events: SchedulerEvent[] = []
  readonly scheduler: Scheduler
  budget: number
  /** May be changed; then the scheduler is to reconsider. */
  readonly settings: Settings['scheduling']
  /** The table of what people said. */
  readonly pins: Store['pins']

  constructor(budget = 100, limits: Partial<Settings['scheduling']> = {}, pins = handPins()) {
    this.budget = budget
    this.settings = { ...settings.parse({}).scheduling, ...limits }
    this.pins = pins
    this.scheduler = createScheduler({
      supervisor: this.supervisor,
      reservation: ({ profile }) => profile.memory ?? 0,
      budgetBytes: () => this.budget,
      settings: this.settings,
      pins: this.pins,
      announce: (event) => this.events.push(event),
      now: this.clock.now,
      wallClock: this.clock.wallClock,
      timers: this.clock.timers,
    })
    this.supervisor.announce = (event) => this.scheduler.onServerEvent(event)
  }

  ask(target: Target): Asked {
    return new Asked(this.scheduler, target)
  }

  async askAndSettle(target: Target): Promise<Asked> {
    const asked = this.ask(target)
    await settled()
    return asked
  }

  /** Asks for a cold profile and brings its server up. */
  async serve(target: Target): Promise<Asked> {
    const asked = await this.askAndSettle(target)
    await this.ready(target.profile.name)
    return asked
  }

  /** Leaves it loaded and unused. */
  async warm(target: Target): Promise<void> {
    const asked = await this.serve(target)
    asked.done()
    this.clock.turn(1)
  }

  async ready(profile: string, loadMs?: number): Promise<void> {
    this.supervisor.ready(profile, loadMs)
    await settled()
  }

  async exited(profile: string): Promise<void> {
    this.supervisor.exited(profile)
    await settled()
  }

  profile(name: string): ReturnType<Scheduler['snapshot']>['profiles'][number] | undefined {
    return this.scheduler.snapshot().profiles.find(({ profile }) => profile === name)
  }

  announced(type: SchedulerEvent['type']): readonly SchedulerEvent[] {
    return this.events.filter((event) => event.type === type)
  }
}

/** Every promise that could be resolved by now has been. */
export async function settled(): Promise<void> {
  await setImmediate()
}

export function states(requests: readonly Asked[]): readonly string[] {
  return requests.map(({ state }) => state)
}
