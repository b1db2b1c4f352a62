/** Clients that come, leave, and finish at random, before servers that load, fail, crash, and exit at random. After everything that
 *  happens the promises of the scheduler are checked against what the clients and the supervisor see. */
import assert from 'node:assert/strict'
import type { Target } from '../../../src/router/router.ts'
import { Rig, settled, target } from './rig.ts'
import type { Asked } from './rig.ts'

interface Client {
  readonly target: Target
  readonly asked: Asked
  readonly number: number
  /** Pid of the server it was let in on; undefined: not, or no more. */
  pid: number | undefined
}

/** What goes on at a server although its client has left. */
interface Straggler {
  readonly profile: string
  readonly pid: number | undefined
  readonly end: () => void
}

const budget = 10
const profiles: readonly Target[] = [
  target('hot', { bytes: 5, concurrency: 2 }),
  target('warm', { bytes: 5, concurrency: 1, idle: 400 }),
  target('big', { bytes: 9, concurrency: 2, idle: 1_000 }),
  target('small', { bytes: 2, concurrency: 3 }),
  target('tiny', { bytes: 1, concurrency: 1, pinned: true }),
  target('huge', { bytes: 11 }),
]

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export class Simulation {
  readonly rig = new Rig(budget, { queueTimeout: 5_000, queue: 30, queueTotal: 60 })
  readonly outcomes = { served: 0, left: 0, refused: 0 }
  readonly #random: () => number
  #clients: readonly Client[] = []
  #stragglers: readonly Straggler[] = []
  #lastNumber = 0
  readonly #stuck = new Set<string>()
  /** Takes no newcomers beyond its turn. */
  readonly #retiring = new Set<string>()
  #callsSeen = 0

  constructor(seed: number) {
    this.#random = randomFrom(seed)
    const { supervisor } = this.rig
    const pass = supervisor.announce
    supervisor.announce = (event) => {
      this.#checkCalls()
      pass(event)
    }
  }

  /** One random event, sometimes two at once, and what follows from it. */
  async happen(): Promise<void> {
    this.#act(this.#random() * 100)
    if (this.#random() < 0.2) this.#act(this.#random() * 58)
    await this.check()
  }

  #act(roll: number): void {
    if (roll < 30) this.#arrive(this.#pick(profiles))
    else if (roll < 35) this.#pick(this.#waiting)?.asked.leave()
    else if (roll < 54) this.#finish(this.#pick(this.#served))
    else if (roll < 56) this.#abandon(this.#pick(this.#served))
    else if (roll < 58) this.#endStragglers((straggler) => straggler === this.#stragglers[0])
    else if (roll < 74) this.#server('starting', (profile) => this.rig.supervisor.ready(profile))
    else if (roll < 76) this.#server('starting', (profile) => this.#failToStart(profile))
    else if (roll < 92) this.#server('stopping', (profile) => this.#exit(profile))
    else if (roll < 93) this.#server('stopping', (profile) => this.#refuseToStop(profile))
    else if (roll < 94) this.#server('ready', (profile) => this.#crash(profile))
    else if (roll < 95) this.#pick(this.#served)?.asked.lease?.condemn('wedged')
    else if (roll < 96) this.#server('ready', (profile) => this.#retire(profile))
    else this.rig.clock.turn(this.#random() * 300)
  }

  #abandon(client: Client | undefined): void {
    if (client === undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stragglers = [...this.#stragglers, { profile: client.target.name, pid: client.pid, end: resolve }]
    client.asked.lease?.lingers(promise)
    this.#finish(client)
  }

  #endStragglers(which: (straggler: Straggler) => boolean): void {
    for (const { end } of this.#stragglers.filter(which)) end()
    this.#stragglers = this.#stragglers.filter((straggler) => !which(straggler))
  }

  /** Nobody comes any more, and everything that is under way ends well. */
  async wind(): Promise<void> {
    this.#endStragglers(() => true)
    for (let round = 0; round < 300 && this.#waiting.length > 0; round += 1) {
      for (const client of this.#served) this.#finish(client)
      await this.check()
      for (const profile of this.rig.supervisor.holding('stopping')) this.#exit(profile)
      await this.check()
      for (const profile of this.rig.supervisor.holding('starting')) this.rig.supervisor.ready(profile)
      await this.check()
    }
    for (const client of this.#served) this.#finish(client)
    await this.check()
    assert.equal(this.#waiting.length, 0, 'somebody was lost')
    for (const { profile, active, waiting } of this.rig.scheduler.snapshot().profiles) {
      assert.equal(active + waiting, 0, `${profile} is still in use`)
    }
  }

  #arrive(wanted: Target | undefined): void {
    if (wanted === undefined) return
    this.#lastNumber += 1
    const client = { target: wanted, asked: this.rig.ask(wanted), number: this.#lastNumber, pid: undefined }
    this.#clients = [...this.#clients, client]
  }

  #finish(client: Client | undefined): void {
    if (client === undefined) return
    client.pid = undefined
    client.asked.done()
    this.#clients = this.#clients.filter((other) => other !== client)
  }

  #retire(profile: string): void {
    this.#retiring.add(profile)
    this.rig.scheduler.retire(profile)
  }

  #failToStart(profile: string): void {
    this.#retiring.delete(profile)
    this.rig.supervisor.startFails(profile, new Error('broken'))
  }

  #exit(profile: string): void {
    this.#stuck.delete(profile)
    this.#retiring.delete(profile)
    this.rig.supervisor.exited(profile)
  }

  #refuseToStop(profile: string): void {
    this.#stuck.add(profile)
    this.rig.supervisor.stopFails(profile, new Error('stuck'))
  }

  #crash(profile: string): void {
    this.#retiring.delete(profile)
    for (const client of this.#served) if (client.target.name === profile) client.pid = undefined
    this.rig.supervisor.crash(profile)
  }

  #server(kind: 'starting' | 'ready' | 'stopping', act: (profile: string) => void): void {
    const profile = this.#pick(this.rig.supervisor.holding(kind))
    if (profile !== undefined) act(profile)
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#random() * items.length)]
  }

  get #waiting(): readonly Client[] {
    return this.#clients.filter(({ asked }) => asked.state === 'waits')
  }

  get #served(): readonly Client[] {
    return this.#clients.filter(({ asked }) => asked.state === 'served')
  }

  async check(): Promise<void> {
    const before = this.#waiting
    await settled()
    // a server that ends closes its connections
    this.#endStragglers(({ profile, pid }) => pid === undefined || pid !== this.rig.supervisor.pidOf(profile))
    await settled()
    this.#checkCalls()
    this.#checkNewcomers(before)
    this.#checkPlaces()
    this.#checkWaiting()
    this.#clients = this.#clients.filter(({ asked }) => asked.state !== 'refused')
  }

  /** The budget is kept, and nobody is cut off, at the very moment something starts or stops. */
  #checkCalls(): void {
    const { supervisor } = this.rig
    assert(this.#heldBytes() <= budget, 'the budget is exceeded')
    for (const call of supervisor.calls.slice(this.#callsSeen)) {
      const [verb = '', profile, reason] = call.split(' ')
      if (verb === 'condemn') for (const client of this.#on(profile)) client.pid = undefined
      if (reason !== undefined) assert.equal(this.#on(profile).length, 0, `${call} cut somebody off`)
      if (reason === 'evicted' && !this.#stuck.delete(profile ?? ''))
        assert.notEqual(profile, 'tiny', 'a pinned one was evicted')
      if (reason === 'idle') assert(profile === 'warm' || profile === 'big', `${profile} was unloaded`)
    }
    this.#callsSeen = supervisor.calls.length
  }

  #on(profile: string | undefined): readonly Client[] {
    return this.#served.filter(({ target, pid }) => target.name === profile && pid !== undefined)
  }

  #taken(name: string): number {
    return this.#on(name).length + this.#stragglers.filter(({ profile }) => profile === name).length
  }

  /** Whoever waits for a straggler's place may be of the server's turn, and is then served first. */
  #isIdle(name: string): boolean {
    const queued = this.#taken(name) > 0 && this.#waiting.some(({ target }) => target.name === name)
    return this.#on(name).length === 0 && !queued
  }

  #heldBytes(): number {
    const held = this.rig.supervisor.holding()
    return profiles.reduce((sum, { name, profile }) => sum + (held.includes(name) ? (profile.memory ?? 0) : 0), 0)
  }

  /** Who was let in got a live server, and came before those of its profile who still wait. */
  #checkNewcomers(before: readonly Client[]): void {
    for (const client of before) {
      if (client.asked.state === 'refused') this.#countRefusal(client)
      if (client.asked.state !== 'served') continue
      this.outcomes.served += 1
      const { lease } = client.asked
      assert.equal(lease?.server.pid, this.rig.supervisor.pidOf(client.target.name), 'let in on a dead server')
      client.pid = lease?.server.pid
      const overtaken = this.#waiting.filter(({ target, number }) => target === client.target && number < client.number)
      assert.equal(overtaken.length, 0, `${client.target.name} was served out of order`)
    }
  }

  #countRefusal({ asked, target }: Client): void {
    const { failure } = asked
    assert(failure instanceof Error)
    const left = failure.message === 'the client left'
    this.outcomes[left ? 'left' : 'refused'] += 1
    if (target.name === 'huge') assert.match(failure.message, /but the budget is/)
  }

  #checkPlaces(): void {
    for (const { name, profile } of profiles) {
      assert(this.#taken(name) <= profile.concurrency, `${name} has too many`)
      const waiting = this.#waiting.filter(({ target }) => target.name === name).length
      assert.equal(this.rig.profile(name)?.waiting ?? 0, waiting)
    }
  }

  /** The one who has waited longest is being helped, and so is everybody who wants nothing but a free place before anybody else's turn. */
  #checkWaiting(): void {
    const [oldest] = this.#waiting
    if (oldest === undefined) return
    const { supervisor } = this.rig
    const { name, profile } = oldest.target
    const ready = supervisor.holding('ready')
    if (ready.includes(name) && !this.#retiring.has(name)) {
      assert.equal(this.#taken(name), profile.concurrency, `${name} has a free place`)
    }
    if (supervisor.holding().includes(name)) return
    const free = budget - this.#heldBytes()
    const need = profile.memory ?? 0
    assert(need > free, `${name} could be started`)
    if (supervisor.holding('stopping').some((other) => !this.#stuck.has(other))) return
    const idle = profiles.filter((other) => ready.includes(other.name) && this.#isIdle(other.name))
    const idleBytes = idle
      .filter(({ profile }) => !profile.pinned)
      .reduce((sum, { profile }) => sum + (profile.memory ?? 0), 0)
    assert(need > free + idleBytes, `${name} could be made room for`)
  }
}
