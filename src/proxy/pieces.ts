/** Puts together what comes in pieces: undici calls once for each HTTP chunk, and what is read at once from a quick server holds hundreds. */
export class Pieces {
  readonly #take: (bytes: Buffer) => void
  readonly #giveLater = (): void => this.give()
  #pieces: Buffer[] = []

  /** `take` gets them when all that was read has been told, and must not throw. */
  constructor(take: (bytes: Buffer) => void) {
    this.#take = take
  }

  add(piece: Buffer): void {
    if (this.#pieces.push(piece) === 1) process.nextTick(this.#giveLater)
  }

  /** At once, since nothing more will come. */
  give(): void {
    const pieces = this.#pieces
    const [first] = pieces
    if (first === undefined) return
    this.#pieces = []
    this.#take(pieces.length === 1 ? first : Buffer.concat(pieces))
  }
}
