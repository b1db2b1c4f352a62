/** The doors of the house, served: over HTTP behind the gate, and to callers within the process. */
import { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { GatewayError } from '../errors.ts'
import type { House } from './door.ts'
import { doors, refuse } from './doors.ts'
import { errorBody } from './errors.ts'
import { createFrontDoor, requestIdOf } from './front-door.ts'
import type { FrontDoor } from './front-door.ts'
import { createFeed } from './live/live-feed.ts'
import { ask, endpointOf } from './v1/inference.ts'

export type { House } from './door.ts'
export { errorBody, troubleOf, writeError } from './errors.ts'
export { openapiDocument } from './openapi.ts'

export interface Api extends FrontDoor {
  /** Answers a request from within the process, which brings its credential along. */
  fetch(request: Request): Promise<Response>
}

export function createApi(rooms: Omit<House, 'feed'>): Api {
  const house: House = { ...rooms, feed: createFeed(rooms, Date.now) }
  const listener = getRequestListener(
    (request, { incoming, outgoing }) => {
      if (!(incoming instanceof IncomingMessage && outgoing instanceof ServerResponse))
        throw new TypeError('not HTTP/1.1')
      return doors.fetch(request, { house, requestId: requestIdOf(outgoing), raw: { incoming, outgoing } })
    },
    { overrideGlobalObjects: false, errorHandler: unreadable },
  )
  const enter = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const endpoint = endpointOf(incoming)
    if (endpoint === undefined) {
      void listener(incoming, outgoing)
      return
    }
    const requestId = requestIdOf(outgoing)
    ask(house, { incoming, outgoing, endpoint, requestId }).catch((thrown: unknown) =>
      refuse(thrown, outgoing, { house, requestId }),
    )
  }
  return {
    ...createFrontDoor(house.config.settings.server, enter),
    fetch: async (request) => doors.fetch(request, { house, requestId: 'local', raw: undefined }),
  }
}

/** The doors answer for themselves; what comes here is a URL that the adapter could not put together. */
function unreadable(): Response {
  const error = new GatewayError('invalid_request', 'The request’s host and path make no proper URL.')
  return Response.json(errorBody(error), { status: 400 })
}
