/** A question to the hub, of one request or many. */
import type { HubAccess } from '../config/config.ts'
import { strange } from './api-fetch.ts'
import { unreachable } from './unreachable.ts'

/** What goes wrong is a GatewayError, unless whoever asked has left: also when time is up, and when the hub's library, which takes
 *  answers for what they should be, trips over one that is not. */
export async function askHub<T>(access: HubAccess, question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'TimeoutError') throw unreachable(access.endpoint, thrown)
    if (thrown instanceof TypeError) throw strange(access, 'something that cannot be understood', thrown)
    throw thrown
  }
}
