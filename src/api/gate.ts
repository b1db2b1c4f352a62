/** Before anything else looks at a request: its headers, Host, path, origin, method and body, judged by what node read from the wire. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError } from '../errors.ts'
import { writeError } from './errors.ts'
import { acceptBody } from './gate/body.ts'
import { allowedHost } from './gate/host.ts'
import type { Arrival } from './gate/host.ts'
import { allowedOrigin } from './gate/origin.ts'
import { plainPath } from './gate/path.ts'

export interface GateRules {
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
  /** Bytes. */
  readonly maxBody: number
}

export interface Head {
  readonly method: string
  readonly target: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingHttpHeaders
  readonly arrival: Arrival
}

/** `origin`: the foreign origin to name in the CORS answer. */
export interface Verdict {
  readonly origin: string | undefined
  readonly outcome: 'pass' | 'preflight' | GatewayError
}

const maxHeaderLines = 128
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
const once: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'origin',
  'content-type',
  'content-length',
  'content-encoding',
  'sec-fetch-site',
])

/** Whether a request may go on. The same rules at every door, in this order: header lines, Host, path, origin, method, body. */
export function judge(head: Head, rules: GateRules): Verdict {
  let origin: string | undefined
  try {
    const hosts = readHosts(head.rawHeaders)
    const host = allowedHost(hosts, head.arrival, { bound: rules.host, allowed: rules.allowedHosts })
    const path = plainPath(head.target)
    const fetchSite = readOne(head.headers['sec-fetch-site'])
    const visits = isVisit(head)
    origin = allowedOrigin({ origin: head.headers.origin, fetchSite, visits, host, path }, rules.allowedOrigins)
    if (isPreflight(head)) return { origin, outcome: 'preflight' }
    if (!methods.has(head.method)) {
      throw new GatewayError('method_not_allowed', `The method ${head.method.slice(0, 20)} is not used here.`)
    }
    acceptBody(head.method, head.headers, rules.maxBody)
    return { origin, outcome: 'pass' }
  } catch (thrown) {
    if (thrown instanceof GatewayError) return { origin, outcome: thrown }
    throw thrown
  }
}

/** The values of all Host lines. Throws GatewayError for too many lines, and for a second line of a header that decides something: what
 *  one reader takes from the first, another might take from the last. */
function readHosts(rawHeaders: readonly string[]): string[] {
  if (rawHeaders.length > 2 * maxHeaderLines) {
    throw new GatewayError('request_too_large', `The request has more than ${maxHeaderLines} header lines; send fewer.`)
  }
  const hosts: string[] = []
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    if (name === 'host') hosts.push(rawHeaders[at + 1] ?? '')
    if (!once.has(name)) continue
    if (seen.has(name)) throw new GatewayError('invalid_request', `The request has two ${name} headers; send one.`)
    seen.add(name)
  }
  return hosts
}

function readOne(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(',')
}

function isVisit({ method, headers }: Head): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

function isPreflight(head: Head): boolean {
  const { headers, method } = head
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined
}

/** True where the request may go on; otherwise it has been answered. */
export function passGate(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  requestId: string,
  rules: GateRules,
): boolean {
  const { localAddress: address, localPort: port } = incoming.socket
  const { method = '', url: target = '', rawHeaders, headers } = incoming
  const { origin, outcome } = judge({ method, target, rawHeaders, headers, arrival: { address, port } }, rules)
  if (rules.allowedOrigins.length > 0) outgoing.setHeader('vary', 'origin')
  if (origin !== undefined) {
    outgoing.setHeader('access-control-allow-origin', origin)
    outgoing.setHeader('access-control-expose-headers', 'x-request-id, retry-after')
  }
  if (outcome === 'pass') return true
  if (outcome === 'preflight') answerPreflight(outgoing, origin)
  else {
    if (outcome.code === 'method_not_allowed') outgoing.setHeader('allow', [...methods].join(', '))
    writeError(outgoing, outcome, requestId)
  }
  return false
}

function answerPreflight(outgoing: ServerResponse, origin: string | undefined): void {
  if (origin !== undefined) {
    outgoing.setHeader('access-control-allow-methods', 'GET, POST')
    outgoing.setHeader('access-control-allow-headers', 'authorization, *')
    outgoing.setHeader('access-control-max-age', '600')
  }
  outgoing.writeHead(204).end()
}
