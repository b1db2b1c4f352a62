/** Which Host a request may name. Node itself takes the first of two, and `Host: localhost/v1/models?` (vLLM CVE-2026-48746). */
import { GatewayError } from '../../errors.ts'

export interface HostRule {
  /** The address listened on, as configured. */
  readonly bound: string
  /** Names from the settings, each with or without a port. */
  readonly allowed: readonly string[]
}

/** Where a connection came in. */
export interface Arrival {
  readonly address: string | undefined
  readonly port: number | undefined
}

const grammar = /^[A-Za-z0-9.\-:[\]]+$/
const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::', ''])

/** The one Host of the request, in lower case. A name of our own may come without a port or with the one it arrived at, a configured
 *  one with any port unless it was configured with one. The address the connection arrived at is a name of our own: a page of another
 *  site cannot make a browser name it without being there. Throws GatewayError `invalid_request` or `host_not_allowed`. */
export function allowedHost(hosts: readonly string[], arrival: Arrival, rule: HostRule): string {
  const [only, second] = hosts
  if (only === undefined) throw new GatewayError('invalid_request', 'The request has no Host header; send exactly one.')
  if (second !== undefined)
    throw new GatewayError('invalid_request', 'The request has two Host headers; send exactly one.')
  const host = only.toLowerCase()
  const { name, port } = split(host)
  if (name === undefined)
    throw new GatewayError('invalid_request', 'The Host header is not a host name with or without a port.')
  const ours = name === 'localhost' || name === '127.0.0.1' || name === '[::1]' || isBound(name, arrival, rule)
  if (ours && (port === undefined || Number(port) === arrival.port)) return host
  if (rule.allowed.some((allowed) => matches(allowed.toLowerCase(), name, host))) return host
  throw new GatewayError(
    'host_not_allowed',
    `This gateway does not answer to the host ${host.slice(0, 100)}; use the address it listens on, or add the name to server.allowedHosts.`,
  )
}

function split(host: string): { name: string | undefined; port: string | undefined } {
  const parts = grammar.test(host) ? /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(host) : null
  return { name: parts?.[1], port: parts?.[2] }
}

function isBound(name: string, arrival: Arrival, rule: HostRule): boolean {
  if (!wildcards.has(rule.bound) && name === bracketed(rule.bound.toLowerCase())) return true
  return (
    arrival.address !== undefined && name === bracketed(arrival.address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, ''))
  )
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

function matches(allowed: string, name: string, host: string): boolean {
  return allowed === host || allowed === name
}
