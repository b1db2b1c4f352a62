/** Where a name leads, for this key. */
import { GatewayError } from '../errors.ts'
import type { Router, Target } from '../router/router.ts'

/** A key that is limited to some models may use a profile by any of its names, and learns nothing of the others: not even which there are.
 *  Throws GatewayError `permission_denied`, or `model_not_found` for a name that the key may use. */
export async function permitted(
  name: string,
  mayUse: (model: string) => boolean,
  router: Pick<Router, 'resolve'>,
): Promise<Target> {
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
