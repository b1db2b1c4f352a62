/** Every door of the house, mounted on one page. */
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { HTTPException } from 'hono/http-exception'
import { asGatewayError, GatewayError } from '../errors.ts'
import { admin } from './admin/admin.ts'
import { createDoors } from './door.ts'
import type { DoorEnv } from './door.ts'
import { errorBody, errorHeaders, meaningOf, troubleOf, writeError } from './errors.ts'
import { health } from './health.ts'
import { proofs } from './proof.ts'
import { page } from './ui.ts'
import { inference } from './v1/inference.ts'
import { models } from './v1/models.ts'

export const doors = createDoors()
  .route('/', health)
  .route('/', proofs)
  .route('/v1', models)
  .route('/v1', inference)
  .route('/admin/api', admin)
  .route('/', page)

doors.notFound(() => {
  throw new GatewayError(
    'not_found',
    'There is nothing at this path; models are asked at /v1, the admin page is at /admin/, its API at /admin/api.',
  )
})

doors.onError((thrown, { env: { house, requestId, raw } }) => {
  const told = knownOf(thrown)
  if (raw !== undefined) {
    refuse(told, raw.outgoing, { house, requestId })
    return RESPONSE_ALREADY_SENT
  }
  notice(told, { house, requestId })
  const error = asGatewayError(told)
  return Response.json(errorBody(error), { status: meaningOf(error).status, headers: errorHeaders(error) })
})

type Asked = Pick<DoorEnv['Bindings'], 'house' | 'requestId'>

/** Says what went wrong to who asked, and to the house where nobody threw it on purpose. */
export function refuse(thrown: unknown, outgoing: ServerResponse, asked: Asked): void {
  notice(thrown, asked)
  writeError(outgoing, thrown, asked.requestId)
}

function notice(thrown: unknown, { house, requestId }: Asked): void {
  const trouble = troubleOf(thrown, requestId)
  if (trouble !== undefined) house.announce(trouble)
}

/** Hono itself throws only for a body that is not JSON. */
function knownOf(thrown: unknown): unknown {
  if (!(thrown instanceof HTTPException) || thrown.status >= 500) return thrown
  return new GatewayError('invalid_json', 'The request body is not valid JSON.', { cause: thrown })
}
