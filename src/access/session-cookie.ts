/** The cookie by which the admin page says who uses it, and when it counts. */
import type { IncomingHttpHeaders } from 'node:http'
import { isOwnOrigin, isOwnSite } from './own-page.ts'

export const sessionCookie = 'mlx_gateway_session'

/** The secrets that a request shows by cookie. More than one where a program on another port of this host, which shares the host's cookies,
 *  has set its own. A browser sends cookies also with what a foreign page has it ask: then they count for nothing, not even where the
 *  page's origin may call /v1. */
export function readSessionCookies(headers: IncomingHttpHeaders): readonly string[] {
  const { cookie, origin, host = '' } = headers
  if (cookie === undefined) return []
  if (origin !== undefined && !isOwnOrigin(origin, host.toLowerCase())) return []
  if (!isOwnSite(textOf(headers['sec-fetch-site']))) return []
  return cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${sessionCookie}=`))
    .map((pair) => pair.slice(sessionCookie.length + 1))
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' || header === undefined ? header : header.join(',')
}
