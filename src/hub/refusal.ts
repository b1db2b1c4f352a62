/** What a hub's refusal means, and what to do about it. Pure. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'

/** What was asked for. */
export interface Subject {
  readonly id?: string
  readonly revision?: string
  readonly path?: string
}

export interface Refused {
  readonly status: number
  /** Undefined where there is no such header. */
  readonly header: (name: string) => string | undefined
  /** Milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly now: number
}

/** 1. Too many requests: when to come back. 2. Gated: the licence page, the token. 3. A token nobody knows. 4. No such revision or file.
 *  5. No such model; the hub says 401 to a stranger, so as not to tell of private ones. 6. Not allowed. 7. Anything else is its own trouble. */
export function refusalOf(access: HubAccess, subject: Subject, refused: Refused): GatewayError {
  const { status, header } = refused
  const { endpoint } = access
  const { id, revision = 'main', path } = subject
  const code = header('x-error-code')
  const words = wordsOf(header('x-error-message'), access)
  if (status === 429) return busy(`The hub at ${endpoint} asks for a pause (too many requests)`, refused) // 1
  if (code === 'GatedRepo') return gated(access, id) // 2
  if (status === 401 && /invalid credentials/i.test(words)) {
    const message = `The hub at ${endpoint} does not know the token it was given. Make a new one at ${endpoint}/settings/tokens, ${giveToken}`
    return new GatewayError('permission_denied', message) // 3
  }
  if (code === 'RevisionNotFound') return absent(`${id} has no revision "${revision}".`) // 4
  if (code === 'EntryNotFound') return absent(`${id} has no file "${path}" at revision ${revision}.`) // 4
  if ([401, 404, 405, 410, 501].includes(status) || code === 'RepoNotFound') {
    const hidden = `Search for it with mlx-gateway search; if it is private, ${giveToken}`
    return absent(
      id === undefined ? `${endpoint} has nothing there.` : `The hub at ${endpoint} has no ${id}. ${hidden}`,
    ) // 5
  }
  if (status === 403) {
    return new GatewayError('permission_denied', `The hub at ${endpoint} does not allow it${words && `: ${words}`}.`) // 6
  }
  if (status < 500) {
    const message = `The hub at ${endpoint} refuses the request (${status}${words && `: ${words}`}).`
    return new GatewayError('invalid_request', message)
  }
  return busy(`The hub at ${endpoint} has trouble of its own (${status}${words && `: ${words}`})`, refused) // 7
}

/** The same for a host that holds files for the hub: nothing it says lasts, because the way to it is asked for anew. */
export function hostRefusal(host: string, refused: Refused): GatewayError {
  return busy(`${host}, which holds files for the hub, answered ${refused.status}`, refused)
}

const giveToken =
  'give the gateway your token (hub.token in its configuration, HF_TOKEN, or `hf auth login`) and start it again.'

function gated({ endpoint, token }: HubAccess, id = ''): GatewayError {
  const page = `${endpoint}/${id}`
  const open = endpoint.startsWith('http:') ? ' A token is sent over https only.' : ''
  const message =
    token === undefined
      ? `${id} is given only to people who accepted its licence: accept it at ${page}, then ${giveToken}${open}`
      : `${id} is not given to the account of your token: accept its licence or ask for access at ${page}.${open}`
  return new GatewayError('permission_denied', message)
}

function absent(message: string): GatewayError {
  return new GatewayError('not_found', message)
}

function busy(what: string, refused: Refused): GatewayError {
  const retryAfterMs = pauseOf(refused)
  const when = retryAfterMs === undefined ? 'Try again later.' : `Try again in ${Math.ceil(retryAfterMs / 1000)} s.`
  return new GatewayError('hub_unreachable', `${what}. ${when}`, retryAfterMs === undefined ? {} : { retryAfterMs })
}

/** `Retry-After` in seconds or as a date; else what the hub's `RateLimit: "api";r=0;t=120` says. */
function pauseOf({ header, now }: Refused): number | undefined {
  const written = header('retry-after')?.trim()
  if (written !== undefined && /^\d+(\.\d+)?$/.test(written)) return Number(written) * 1000
  const date = written === undefined ? Number.NaN : Date.parse(written)
  if (Number.isFinite(date)) return Math.max(0, date - now)
  const [, seconds] = /;\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/.exec(header('ratelimit') ?? '') ?? []
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

/** What the hub says itself: short, on one line, without our token. */
function wordsOf(message: string | undefined, { token }: HubAccess): string {
  const tidy = (message ?? '').replaceAll(/[^\x20-\x7e]+/g, ' ').trim()
  const safe = token === undefined ? tidy : tidy.replaceAll(token, '…')
  return safe.slice(0, 200).replace(/\.$/, '')
}
