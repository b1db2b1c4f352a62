/** A request's body, up to a limit. */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../errors.ts'

/** Throws GatewayError `request_too_large` as soon as more than `limit` bytes have come; rejects with the socket's error when the client goes. */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        incoming.pause()
        incoming.removeAllListeners('data')
        reject(
          new GatewayError(
            'request_too_large',
            `The request body is larger than ${limit} bytes; the setting is server.maxBody.`,
          ),
        )
      } else {
        chunks.push(chunk)
      }
    })
    incoming.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size)),
    )
    incoming.once('error', reject)
    incoming.once('close', () => {
      if (!incoming.complete) reject(new Error('the client left before its request had arrived'))
    })
  })
}
