/** Every door of the house, mounted on one page. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { HTTPException } from 'hono/http-exception'
import { GatewayError } from '../errors.ts'
import { admin } from './admin/admin.ts'
import { createDoors } from './door.ts'
import { asGatewayError, errorBody, errorHeaders, meaningOf, troubleOf, writeError } from './errors.ts'
import { health } from './health.ts'
import { inference } from './v1/inference.ts'
import { models } from './v1/models.ts'

export const doors = createDoors()
  .route('/', health)
  .route('/v1', models)
  .route('/v1', inference)
  .route('/admin/api', admin)

doors.notFound(() => {
  throw new GatewayError(
    'not_found',
    'There is nothing at this path; models are asked at /v1, the admin API is at /admin/api.',
  )
})

doors.onError((thrown, { env: { house, requestId, raw } }) => {
  const told = knownOf(thrown)
  const trouble = troubleOf(told, requestId)
  if (trouble !== undefined) house.announce(trouble)
  if (raw !== undefined) {
    writeError(raw.outgoing, told, requestId)
    return RESPONSE_ALREADY_SENT
  }
  const error = asGatewayError(told)
  return Response.json(errorBody(error), { status: meaningOf(error).status, headers: errorHeaders(error) })
})

/** Hono itself throws only for a body that is not JSON. */
function knownOf(thrown: unknown): unknown {
  if (!(thrown instanceof HTTPException) || thrown.status >= 500) return thrown
  return new GatewayError('invalid_json', 'The request body is not valid JSON.', { cause: thrown })
}
