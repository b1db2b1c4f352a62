/** The `fetch` that the hub's library is given: our rules for the token and for redirects, and answers that end in time and in size. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { firstHop } from './hop.ts'
import { headerOf, type Line } from './line.ts'
import { readText } from './read-text.ts'
import type { Subject } from './refusal.ts'
import { troubleOf, walk } from './walk.ts'

const MOST_BYTES = 8 * 1024 ** 2
/** A listing comes in pages; one that never ends is none. */
const MOST_PAGES = 40

/** For the requests of one question. It throws GatewayErrors, which the library lets pass. */
export function apiFetch(access: HubAccess, line: Line, subject: Subject): typeof fetch {
  let pages = 0
  return async (input) => {
    pages += 1
    if (pages > MOST_PAGES) throw strange(access, 'a list without end')
    const address = input instanceof Request ? input.url : String(input)
    const asked = { method: 'GET', headers: { accept: 'application/json' } } as const
    const { hop, answer } = await walk(access, firstHop(access, address), line, asked)
    if (answer.statusCode >= 400) throw await troubleOf(access, subject, hop, answer)
    const text = await readText(access, answer.body, MOST_BYTES, line)
    if (!isJson(text)) throw strange(access, 'something that is no JSON; perhaps the network wants a login')
    const link = headerOf(answer, 'link')
    return new Response(text, { headers: link === undefined ? {} : { link } })
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export function strange({ endpoint }: HubAccess, what: string, cause?: unknown): GatewayError {
  return new GatewayError('hub_unreachable', `The hub at ${endpoint} answered with ${what}.`, { cause })
}
