/** What comes in through the doors, and what the proxy is made of. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Settings } from '../config/config.ts'
import type { Bring } from '../downloads/downloads.ts'
import type { Engines } from '../engines/engines.ts'
import type { GatewayError } from '../errors.ts'
import type { Router } from '../router/router.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Endpoint } from './call.ts'
import type { ProxyEvent } from './record.ts'

/** A request that the doors let in, in node's own terms. */
export interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly endpoint: Endpoint
  readonly requestId: string
  readonly identity: {
    readonly keyId: string | null
    readonly name: string
    readonly mayUse: (model: string) => boolean
    /** Aborts when the key is revoked or expires, with the GatewayError that says so. */
    readonly revoked: AbortSignal
  }
}

export interface ProxyParts {
  readonly router: Pick<Router, 'resolve'>
  readonly scheduler: Pick<Scheduler, 'acquire'>
  readonly engines: Pick<Engines, 'engine'>
  readonly settings: Pick<Settings, 'server' | 'timeouts'>
  /** Fetches what a name stands for, where that may be. */
  readonly bring: Bring
  /** How the doors say an error: as an answer, whose status is returned, and as the data of an event; one of our own is noticed. */
  readonly errors: {
    write(outgoing: ServerResponse, error: GatewayError, requestId: string): number
    body(error: GatewayError): unknown
    notice(error: GatewayError, requestId: string): void
  }
  readonly announce: (event: ProxyEvent) => void
  readonly now: () => number
  readonly wallClock: () => number
}
