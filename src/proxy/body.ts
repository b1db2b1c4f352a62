/** A request's body, up to a limit of its own and within one for all. */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../errors.ts'

/** Counted until it is disposed of. */
export interface Body extends Disposable {
  readonly bytes: Buffer
}

/** In bytes. */
export interface BodyLimits {
  readonly maxBody: number
  readonly maxBodies: number
}

/** The bodies of all requests under way, counted as their bytes come in. */
export class Bodies {
  readonly #limits: BodyLimits
  #held = 0

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  /** Throws GatewayError `request_too_large` as soon as one body has grown too large, and `queue_full` where all together have; rejects
   *  with the socket's error when the client goes. */
  read(incoming: IncomingMessage): Promise<Body> {
    let chunks: Buffer[] = []
    let size = 0
    const letGo = (): void => {
      chunks = []
      this.#held -= size
      size = 0
    }
    return new Promise((resolve, reject) => {
      const giveUp = (error: Error): void => {
        letGo()
        reject(error)
      }
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        this.#held += chunk.length
        const refusal = this.#refusal(size)
        if (refusal === undefined) return
        incoming.pause()
        incoming.removeAllListeners('data')
        giveUp(refusal)
      })
      incoming.once('end', () => {
        const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size)
        chunks = []
        resolve({ bytes, [Symbol.dispose]: letGo })
      })
      incoming.once('error', giveUp)
      incoming.once('close', () => {
        if (!incoming.complete) giveUp(new Error('the client left before its request had arrived'))
      })
    })
  }

  /** A body that is alone may be as large as any, however little all together may hold. */
  #refusal(size: number): GatewayError | undefined {
    const { maxBody, maxBodies } = this.#limits
    if (size > maxBody)
      return new GatewayError(
        'request_too_large',
        `The request body is larger than ${maxBody} bytes; the setting is server.maxBody.`,
      )
    if (this.#held <= maxBodies || this.#held === size) return undefined
    return new GatewayError(
      'queue_full',
      `The requests under way hold more than ${maxBodies} bytes; try again soon. The setting is server.maxBodies.`,
      { retryAfterMs: 1000 },
    )
  }
}
