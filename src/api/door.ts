/** What stands behind every door: the house's rooms, handed in with each request. The doors themselves are written down once, and hold nothing. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from '@hono/zod-openapi'
import type { Access, Identity } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Config, SettingsBook } from '../config/config.ts'
import type { Downloads } from '../downloads/downloads.ts'
import type { Engines } from '../engines/engines.ts'
import { GatewayError } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { Hub } from '../hub/hub.ts'
import type { Proxy } from '../proxy/proxy.ts'
import type { Router } from '../router/router.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Store } from '../store/store.ts'
import type { Supervisor } from '../supervisor/supervisor.ts'
import type { Announce, Telemetry } from '../telemetry/telemetry.ts'
import { errorBody } from '../wire/openai.ts'
import type { Feed } from './feed.ts'

export interface House {
  readonly config: Config
  readonly settings: SettingsBook
  readonly access: Access
  readonly catalog: Catalog
  readonly hub: Hub
  readonly downloads: Downloads
  readonly engines: Engines
  readonly router: Router
  readonly supervisor: Supervisor
  readonly scheduler: Scheduler
  readonly proxy: Proxy
  readonly requests: Store['requests']
  readonly host: Pick<Host, 'freeBytes' | 'groupFootprint' | 'memory'>
  readonly telemetry: Pick<Telemetry, 'listen' | 'recent' | 'speed' | 'metrics' | 'log'>
  /** Those who watch it live. */
  readonly feed: Feed
  readonly announce: Announce
  /** What only this run of the gateway can answer to a challenge. */
  readonly prove: (challenge: string) => string
  /** Where the built admin page lies. */
  readonly pageDirectory: string
  /** Aborts when the gateway begins to close. */
  readonly closing: AbortSignal
}

export interface DoorEnv {
  Bindings: {
    readonly house: House
    readonly requestId: string
    /** Node's own request and answer; absent for calls from within the process. */
    readonly raw: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse } | undefined
  }
  Variables: { identity: Identity }
}

/** A set of doors; what a caller sends that does not fit their description is refused by name. */
export function createDoors(): OpenAPIHono<DoorEnv> {
  return new OpenAPIHono<DoorEnv>({
    defaultHook(result) {
      if (result.success) return
      const [issue] = result.error.issues
      const param = issue?.path.join('.') ?? ''
      const message = `${param === '' ? 'The request' : `'${param}'`}: ${issue?.message ?? 'not as described'}.`
      throw new GatewayError('invalid_request', message, param === '' ? {} : { param })
    },
  })
}

/** Who is let in, for a route's description; where it says nothing, only who shows the admin token or signed in with it. */
export const toAnybody = []
/** A key is needed once there is one, or where `auth.required` says so. */
export const toKeys: Record<string, string[]>[] = [{ key: [] }, { keyHeader: [] }, { session: [] }, {}]

/** A JSON body, for a route's description. */
export function jsonContent<Schema extends z.ZodType>(schema: Schema) {
  return { 'application/json': { schema } }
}

/** A good answer, for a route's description. */
export function answer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: jsonContent(schema) }
}

/** Every error, at every door, in the one shape. */
export const refusal = answer('An error', errorBody.meta({ id: 'Error' }))
