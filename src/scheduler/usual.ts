/** How long loads and answers usually take. */

/** What the newest answer counts for in the running mean. */
const weight = 0.2
const loadsKept = 5

export class Usual {
  /** Running means, ms. */
  readonly #serviceMs = new Map<string, number>()
  /** The last ones of each profile, ms. */
  readonly #loads = new Map<string, readonly number[]>()

  /** A request of this profile had its place for so long. */
  served(profile: string, ms: number): void {
    const before = this.#serviceMs.get(profile)
    this.#serviceMs.set(profile, before === undefined ? ms : before * (1 - weight) + ms * weight)
  }

  loaded(profile: string, ms: number): void {
    this.#loads.set(profile, [...(this.#loads.get(profile) ?? []), ms].slice(-loadsKept))
  }

  /** Undefined where none has ended yet. */
  serviceMs(profile: string): number | undefined {
    return this.#serviceMs.get(profile)
  }

  /** The median of the last few: one that had to install its engine first says little of the next. */
  loadMs(profile: string): number | undefined {
    const loads = this.#loads.get(profile)?.toSorted((one, other) => one - other) ?? []
    return loads[Math.floor((loads.length - 1) / 2)]
  }
}
