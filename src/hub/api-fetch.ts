/** The `fetch` that the hub's library is given: our rules for the token and for redirects, and answers that end in time and in size. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { firstHop } from './hop.ts'
import { headerOf, type Line } from './line.ts'
import { readText } from './read-text.ts'
import type { Subject } from './refusal.ts'
import { troubleOf, walk } from './walk.ts'

const MOST_BYTES = 8 * 1024 ** 2
/** A listing comes in pages; one that never ends is none. All of one is in memory at once. */
const MOST_PAGES = 40
const MOST_BYTES_IN_ALL = 32 * 1024 ** 2
const MOST_ENTRIES = 20_000

/** For the requests of one question. It throws GatewayErrors, which the library lets pass. */
export function apiFetch(access: HubAccess, line: Line, subject: Subject): typeof fetch {
  let [pages, bytes, entries] = [0, 0, 0]
  return async (input) => {
    pages += 1
    if (pages > MOST_PAGES) throw strange(access, 'a list without end')
    const address = input instanceof Request ? input.url : String(input)
    const asked = { method: 'GET', headers: { accept: 'application/json' } } as const
    const { hop, answer } = await walk(access, firstHop(access, address), line, asked)
    if (answer.statusCode >= 400) throw await troubleOf(access, subject, hop, answer)
    const text = await readText(access, answer.body, MOST_BYTES, line)
    bytes += Buffer.byteLength(text)
    if (bytes > MOST_BYTES_IN_ALL) throw strange(access, `a list of more than ${MOST_BYTES_IN_ALL} bytes`)
    const said = read(text)
    if (said === undefined) throw strange(access, 'something that is no JSON; perhaps the network wants a login')
    entries += Array.isArray(said) ? said.length : 0
    if (entries > MOST_ENTRIES) throw strange(access, `a list of more than ${MOST_ENTRIES} entries`)
    const link = headerOf(answer, 'link')
    return new Response(text, { headers: link === undefined ? {} : { link } })
  }
}

/** Undefined for what is no JSON. */
function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function strange({ endpoint }: HubAccess, what: string, cause?: unknown): GatewayError {
  return new GatewayError('hub_unreachable', `The hub at ${endpoint} answered with ${what}.`, { cause })
}
