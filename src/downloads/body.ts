/** The body of one answer, past undici's streams: each piece goes to the disk in the call that brought it, so that its memory can be
 *  used again at once. */
import type { Dispatcher } from 'undici'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
export type Sink = (piece: Buffer) => void

/** As much as one read brings beside the head of the answer; more comes only when nobody wants it. */
const MOST_HELD = 4 * 1024 ** 2

/** For one request: give `around` to `compose`; once the answer is there, `pour`. Redirects and refusals go their common way. */
export class Body {
  /** Of the last answer; redirects come before it. */
  #over: Promise<void> = Promise.resolve()
  /** By the one who takes the pieces; may come after the end, when all came at once. */
  readonly #broken = Promise.withResolvers<never>()
  #held: Buffer[] = []
  #heldBytes = 0
  #sink: Sink | undefined
  #controller: Controller | undefined

  constructor() {
    // told to who pours, if anybody does
    this.#broken.promise.catch(() => {})
  }

  readonly around: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
    dispatch(options, this.#handlerFor(handler))

  /** Resolves at the end of the body. What the sink throws ends the request, and is thrown. */
  async pour(sink: Sink): Promise<void> {
    this.#sink = sink
    const held = this.#held
    this.#held = []
    for (const piece of held) this.#hand(piece)
    await Promise.race([this.#broken.promise, this.#over])
  }

  #handlerFor(handler: Handler): Handler {
    let ours = false
    const over = Promise.withResolvers<void>()
    over.promise.catch(() => {})
    return {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart: (controller, status, headers, message) => {
        ours = status === 200 || status === 206
        this.#controller = controller
        this.#over = over.promise
        handler.onResponseStart?.(controller, status, headers, message)
      },
      onResponseData: (controller, piece) => {
        if (ours) this.#take(piece)
        else handler.onResponseData?.(controller, Buffer.from(piece))
      },
      onResponseEnd: (controller, trailers) => {
        over.resolve()
        handler.onResponseEnd?.(controller, trailers)
      },
      onResponseError: (controller, error) => {
        over.reject(error)
        handler.onResponseError?.(controller, error)
      },
    }
  }

  #take(piece: Buffer): void {
    if (this.#sink !== undefined) {
      this.#hand(piece)
      return
    }
    this.#heldBytes += piece.length
    if (this.#heldBytes > MOST_HELD) this.#controller?.abort(new Error('nobody wants this answer'))
    else this.#held.push(Buffer.from(piece))
  }

  #hand(piece: Buffer): void {
    try {
      this.#sink?.(piece)
    } catch (thrown) {
      this.#broken.reject(thrown)
      this.#sink = () => {}
      this.#controller?.abort(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }
}
