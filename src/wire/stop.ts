/** Stop sequences, matched on text as it streams by. mlx_lm.server matches whole tokens only, cuts the words out and goes on
 *  (verified on 0.32.2), so the gateway does it. */

export interface StopStep {
  /** Text that can no longer become part of a stop sequence. */
  readonly emit: string
  /** The sequence that was met; nothing after it counts. */
  readonly hit: string | undefined
}

export class StopMatcher {
  readonly #stops: readonly string[]
  #held = ''

  constructor(stops: readonly string[]) {
    this.#stops = stops
  }

  push(text: string): StopStep {
    const seen = this.#held + text
    const first = this.#firstHit(seen)
    if (first !== undefined) {
      this.#held = ''
      return { emit: seen.slice(0, first.at), hit: first.stop }
    }
    const keep = this.#unfinished(seen)
    this.#held = keep === 0 ? '' : seen.slice(-keep)
    return { emit: keep === 0 ? seen : seen.slice(0, -keep), hit: undefined }
  }

  /** What was held back, at the end of the text. */
  flush(): string {
    const rest = this.#held
    this.#held = ''
    return rest
  }

  /** The sequence that begins first; of those at one place the one listed first. */
  #firstHit(seen: string): { readonly at: number; readonly stop: string } | undefined {
    let best: { at: number; stop: string } | undefined
    for (const stop of this.#stops) {
      const at = seen.indexOf(stop)
      if (at !== -1 && (best === undefined || at < best.at)) best = { at, stop }
    }
    return best
  }

  /** Length of the longest ending of `seen` that begins a stop sequence. */
  #unfinished(seen: string): number {
    let longest = 0
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, seen.length); length > longest; length--) {
        if (seen.endsWith(stop.slice(0, length))) longest = length
      }
    }
    return longest
  }
}
