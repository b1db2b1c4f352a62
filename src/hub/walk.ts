/** Follows redirects by hand, so that each step gets the headers that are right for it. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { nextHop, type Hop } from './hop.ts'
import { ask, discard, headerOf, type Answer, type Asked, type Line } from './line.ts'
import { hostRefusal, refusalOf, type Subject } from './refusal.ts'

const MOST_HOPS = 5

/** The first answer that is no redirect, and where it came from; `visit` sees every answer on the way. HEAD stays with the hub: other
 *  hosts are asked for bytes alone, which is all that a signed address allows.
 *  Throws GatewayError `hub_unreachable`, or the signal's reason. */
export async function walk(
  access: HubAccess,
  first: Hop,
  line: Line,
  asked: Asked,
  visit: (hop: Hop, answer: Answer) => void = () => {},
): Promise<{ readonly hop: Hop; readonly answer: Answer }> {
  let hop = first
  for (let hops = 0; hops <= MOST_HOPS; hops += 1) {
    const answer = await ask(access, hop, line, asked)
    visit(hop, answer)
    if (answer.statusCode < 300 || answer.statusCode >= 400) return { hop, answer }
    await discard(answer)
    hop = nextHop(hop, headerOf(answer, 'location'))
    if (asked.method === 'HEAD' && !hop.trusted) return { hop, answer }
  }
  throw new GatewayError('hub_unreachable', `The hub at ${access.endpoint} redirects without end.`)
}

/** What an answer of 400 or more means; its body is thrown away. */
export async function troubleOf(access: HubAccess, subject: Subject, hop: Hop, answer: Answer): Promise<GatewayError> {
  await discard(answer)
  const refused = { status: answer.statusCode, header: (name: string) => headerOf(answer, name), now: Date.now() }
  return hop.trusted ? refusalOf(access, subject, refused) : hostRefusal(hop.url.host, refused)
}
