/** Why a host could not be reached, in words. Pure. */
import { GatewayError, codeOf, messageOf } from '../errors.ts'

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known here; is there a network?',
  EAI_AGAIN: 'its name cannot be looked up; is there a network?',
  ECONNREFUSED: 'it refuses the connection',
  ENETUNREACH: 'there is no network',
  ENETDOWN: 'there is no network',
  EADDRNOTAVAIL: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it stopped answering',
  UND_ERR_BODY_TIMEOUT: 'it stopped answering',
  TimeoutError: 'it took too long',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/

/** No answer came at all: another question would fare no better. An answer that is no good is a plain GatewayError `hub_unreachable`. */
export class Unreachable extends GatewayError {
  constructor(why: string, cause?: unknown) {
    super('hub_unreachable', `${why} Local models go on working.`, { cause })
  }
}

/** `host` as people know it: the hub's endpoint, or the host that its files lie on. */
export function unreachable(host: string, thrown: unknown): Unreachable {
  return new Unreachable(`The hub at ${host} cannot be reached (${reasonOf(thrown)}).`, thrown)
}

function reasonOf(thrown: unknown): string {
  const code = firstCode(thrown)
  if (code === undefined) return messageOf(thrown).slice(0, 200)
  if (CERTIFICATE.test(code)) return `its certificate is not trusted: ${code}; NODE_EXTRA_CA_CERTS may name your own`
  return WORDS[code] ?? code
}

/** Of the first that has one: an AggregateError holds one error for each address of a name. */
function firstCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  const own = codeOf(thrown)
  if (typeof own === 'string') return own
  const inner = thrown instanceof AggregateError ? thrown.errors : [thrown.cause]
  return inner.map(firstCode).find((code) => code !== undefined) ?? (thrown.name in WORDS ? thrown.name : undefined)
}
