/** Which web pages may call. A page of a foreign site reaches this machine through its visitor's browser, whatever the address is bound to. */
import { isOwnOrigin, isOwnSite } from '../../access/access.ts'
import { GatewayError } from '../../errors.ts'

export interface Caller {
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  /** Whether a person opens this address in a tab of its own: followed a link, typed it. */
  readonly visits: boolean
  /** The Host of the request, already found to be ours. */
  readonly host: string
  readonly path: string
}

/** The foreign origin to be named in the CORS answer, or undefined where there is none. No Origin: no browser, or a page of ours;
 *  our own pages may call every door; the configured origins /v1 alone. `null`, a suffix or another scheme is nobody.
 *  Programs on Node's fetch send `Sec-Fetch-Mode` without Origin: only a foreign `Sec-Fetch-Site` counts. A link on a foreign page may lead
 *  to the admin page, which by itself holds nothing.
 *  Throws GatewayError `origin_not_allowed`. */
export function allowedOrigin(caller: Caller, allowed: readonly string[]): string | undefined {
  const { origin, fetchSite, visits, host, path } = caller
  if (origin === undefined) {
    if (isOwnSite(fetchSite) || (visits && isPage(path))) return undefined
    throw refused('a page of another site')
  }
  if (isOwnOrigin(origin, host)) return undefined
  const shared = path === '/v1' || path.startsWith('/v1/')
  if (shared && allowed.includes(origin)) return origin
  throw refused(`the origin ${origin.slice(0, 100)}`)
}

/** The admin page's own addresses: files, never what the admin API says. */
function isPage(path: string): boolean {
  return /^\/(?:admin(?:\/(?!api(?:\/|$)).*)?)?$/.test(path)
}

function refused(who: string): GatewayError {
  return new GatewayError(
    'origin_not_allowed',
    `Requests from ${who} are not accepted; add an origin to server.allowedOrigins for its pages to call /v1.`,
  )
}
