/** How fast bytes come, over the last seconds. Pure. */

const WINDOW_MS = 8_000

export interface Sample {
  /** Ms on any clock that only rises. */
  readonly at: number
  readonly bytes: number
}

/** The samples with one more, and without those that no longer count; the oldest one kept is the base of the rate. */
export function sampled(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const young = samples.findIndex(({ at }) => sample.at - at <= WINDOW_MS)
  return young < 0 ? [sample] : [...samples.slice(young), sample]
}

/** Bytes per second; undefined while one sample is all there is. */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || last.at === first.at) return undefined
  return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at))
}

/** Ms until the rest has come at this rate; undefined where nobody can tell. */
export function timeLeft(rest: number, bytesPerSecond: number | undefined): number | undefined {
  if (rest <= 0) return 0
  return bytesPerSecond === undefined || bytesPerSecond < 1 ? undefined : Math.ceil((rest / bytesPerSecond) * 1000)
}
