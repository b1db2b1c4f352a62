/** One request to the hub or a host of its files, and its answer. */
import { Agent, type Dispatcher } from 'undici'
import type { HubAccess } from '../config/config.ts'
import { headersFor, type Hop } from './hop.ts'
import { Unreachable, unreachable } from './unreachable.ts'

export interface Line {
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
  /** Given up after so long without a byte. */
  readonly silenceMs: number
}

export interface Asked {
  readonly method: 'GET' | 'HEAD'
  readonly headers: Readonly<Record<string, string>>
}

export type Answer = Dispatcher.ResponseData

/** At most so many connections to a host; HTTP/1.1, because parts of one file that share a connection are no faster than one. */
export function openConnections(most: number): Agent {
  return new Agent({ connections: most, allowH2: false, connect: { timeout: 10_000 } })
}

/** Follows no redirect. Throws GatewayError `hub_unreachable`, or the signal's reason. */
export async function ask(access: HubAccess, hop: Hop, line: Line, { method, headers }: Asked): Promise<Answer> {
  const { dispatcher, signal, silenceMs } = line
  if (access.offline) throw offline()
  try {
    return await dispatcher.request({
      origin: hop.url.origin,
      path: `${hop.url.pathname}${hop.url.search}`,
      method,
      headers: { ...headers, ...headersFor(hop, access) },
      signal,
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
    })
  } catch (thrown) {
    signal.throwIfAborted()
    throw unreachable(hop.trusted ? access.endpoint : hop.url.host, thrown)
  }
}

export function headerOf({ headers }: Pick<Answer, 'headers'>, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** A body that nobody wants: what goes wrong with it is of no matter. */
export async function discard({ body }: Answer): Promise<void> {
  await body.dump({ limit: 65_536 }).catch(() => {})
}

function offline(): Unreachable {
  return new Unreachable('The gateway is told to ask the hub for nothing (hub.offline or HF_HUB_OFFLINE).')
}
