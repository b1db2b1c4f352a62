/** What a request shows: `Authorization: Bearer` or `x-api-key`. Never the query string, which ends up in logs. */
import type { IncomingHttpHeaders } from 'node:http'
import { GatewayError } from '../errors.ts'

/** Undefined where none is shown. Throws GatewayError `invalid_api_key` where it is not clear which one counts. */
export function readCredential(headers: IncomingHttpHeaders): string | undefined {
  const bearer = readBearer(headers.authorization)
  const apiKey = readApiKey(headers['x-api-key'])
  if (bearer !== undefined && apiKey !== undefined && bearer !== apiKey) {
    throw new GatewayError('invalid_api_key', 'Authorization and x-api-key hold different keys. Send one of them.')
  }
  return bearer ?? apiKey
}

function readBearer(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const [, token] = /^Bearer(?: +(\S+))?\s*$/i.exec(header) ?? refuse('Authorization must read "Bearer" and a key.')
  return token
}

function readApiKey(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header === 'string') return header.trim() || undefined
  return header === undefined ? undefined : refuse('Send x-api-key once.')
}

function refuse(message: string): never {
  throw new GatewayError('invalid_api_key', message)
}
