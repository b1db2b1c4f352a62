/** Reads a whole answer, as long as it is a short one. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import type { Answer, Line } from './line.ts'
import { unreachable } from './unreachable.ts'

/** Throws GatewayError `hub_unreachable`, or the signal's reason. */
export async function readText(
  { endpoint }: HubAccess,
  body: Answer['body'],
  mostBytes: number,
  { signal }: Pick<Line, 'signal'>,
): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes > mostBytes) break
    }
  } catch (thrown) {
    signal.throwIfAborted()
    throw unreachable(endpoint, thrown)
  }
  if (bytes <= mostBytes) return Buffer.concat(chunks).toString('utf8')
  throw new GatewayError('hub_unreachable', `The hub at ${endpoint} answered with more than ${mostBytes} bytes.`)
}
