/** Something that is asked for in bursts and done seldom. */
export class Paced implements Disposable {
  readonly #ms: number
  readonly #run: () => void
  #ranAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  /** `run` is called once after a burst, and at most once in `ms`. */
  constructor(ms: number, run: () => void) {
    this.#ms = ms
    this.#run = run
  }

  ask(): void {
    if (this.#timer !== undefined) return
    const wait = Math.max(0, this.#ranAt + this.#ms - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#ranAt = performance.now()
      this.#run()
    }, wait).unref()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
