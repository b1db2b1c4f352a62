/** Where the token may go. It is sent to the configured hub over https only; the first step to anywhere else drops it for good, even
 *  where a later step leads back. Pure. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'

/** One address on the way to an answer. */
export interface Hop {
  readonly url: URL
  /** It is the hub's own, and the way there never left the hub: what it says of a file counts. */
  readonly trusted: boolean
}

export function firstHop({ endpoint }: HubAccess, address: string): Hop {
  const url = new URL(address)
  return { url, trusted: url.origin === new URL(endpoint).origin }
}

/** Throws GatewayError `hub_unreachable` for a redirect that nobody should follow. */
export function nextHop({ url, trusted }: Hop, location: string | undefined): Hop {
  const next = location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined
  if (next === undefined || !/^https?:$/.test(next.protocol)) throw astray(url, 'nowhere')
  if (url.protocol === 'https:' && next.protocol === 'http:') throw astray(url, 'an address that is not encrypted')
  next.username = ''
  next.password = ''
  return { url: next, trusted: trusted && next.origin === url.origin }
}

export function headersFor({ url, trusted }: Hop, { token }: HubAccess): Record<string, string> {
  const headers = { 'user-agent': 'mlx-gateway', 'accept-encoding': 'identity' }
  if (token === undefined || !trusted || url.protocol !== 'https:') return headers
  return { ...headers, authorization: `Bearer ${token}` }
}

function astray({ host }: URL, where: string): GatewayError {
  return new GatewayError('hub_unreachable', `${host} redirects to ${where}; it seems to be no hub.`)
}
