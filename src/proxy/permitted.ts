/** Where a name leads, for this key. */
import { LONGEST_NAME } from '../catalog/catalog.ts'
import { GatewayError } from '../errors.ts'
import type { Router, Target } from '../router/router.ts'
import { invalid } from './invalid.ts'

/** A key that is limited to some models may use a profile by any of its names, and learns nothing of the others: not even which there are.
 *  Throws GatewayError `permission_denied`, `model_not_found` for a name that the key may use, or `invalid_request`. */
export async function permitted(
  name: string,
  mayUse: (model: string) => boolean,
  router: Pick<Router, 'resolve'>,
): Promise<Target> {
  refuseLongName(name)
  try {
    const target = await router.resolve(name)
    const { profile } = target
    if ([name, profile.name, ...profile.aliases].some(mayUse)) return target
  } catch (error) {
    if (mayUse(name)) throw error
  }
  throw new GatewayError('permission_denied', `This key may not use the model '${name.slice(0, 100)}'.`, {
    param: 'model',
  })
}

/** Names are looked up, compared, answered, logged and kept: nobody should do that with megabytes. Throws GatewayError `invalid_request`. */
export function refuseLongName(name: string): void {
  if (name.length > LONGEST_NAME)
    throw invalid('model', `must be a name of at most ${LONGEST_NAME} characters; GET /v1/models lists them`)
}
