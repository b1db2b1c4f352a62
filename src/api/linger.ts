/** Ending a connection whose request body was not read, so that the client still gets to read the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const graceMs = 2_000
const graceBytes = 8 * 1024 ** 2

function declaresBody(incoming: IncomingMessage): boolean {
  const length = incoming.headers['content-length']
  return incoming.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

export function hasUnreadBody(incoming: IncomingMessage): boolean {
  return !incoming.complete && declaresBody(incoming)
}

/** Sends the whole answer (its `Content-Length` must be set), then throws away what the client is still sending, for 2 seconds or
 *  8 MiB at most, and closes. Closing at once would make the system reset the connection, and the answer would be lost with it. */
export function endAfterBody(outgoing: ServerResponse, body: string): void {
  const incoming = outgoing.req
  let left = graceBytes
  const end = (): void => {
    clearTimeout(timer)
    incoming.off('data', drop)
    if (!outgoing.writableEnded && !outgoing.destroyed) outgoing.end()
  }
  const drop = (chunk: Buffer): void => {
    left -= chunk.length
    if (left <= 0) end()
  }
  const timer = setTimeout(end, graceMs)
  incoming.on('data', drop).once('end', end).once('error', end)
  outgoing.once('close', end).write(body)
  incoming.resume()
}
