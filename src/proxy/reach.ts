/** Where a name leads; what is not on this machine is brought first, where it may be. */
import { GatewayError } from '../errors.ts'
import type { Target } from '../router/router.ts'
import type { ProxyParts } from './exchange.ts'
import type { Answering } from './open-answer.ts'
import { permitted } from './permitted.ts'
import type { Trace } from './trace.ts'

type Asker = Pick<Answering, 'answer' | 'departure'> & { readonly trace: Trace }

/** 1. It is here, or this key may not use it. 2. It is not, or not whole, and nobody brings it. 3. It is brought, while the client hears how
 *  far it is; when the client leaves, the download goes on. Throws as `permitted`, and whatever the download ends with. */
export async function reach(
  name: string,
  mayUse: (model: string) => boolean,
  { answer, departure, trace }: Asker,
  { router, bring, now }: Pick<ProxyParts, 'router' | 'bring' | 'now'>,
): Promise<Target> {
  try {
    return await permitted(name, mayUse, router) // 1
  } catch (error) {
    const isAbsent = error instanceof GatewayError && absent.has(error.code)
    const coming = isAbsent
      ? bring(name, (progress) => answer.waiting({ phase: 'loading', progress }), departure.signal)
      : undefined
    if (coming === undefined) throw error // 2
    const began = now()
    trace.waits({ phase: 'loading', progress: undefined })
    await coming.catch(inTermsOfModels) // 3
    trace.brought(now() - began)
    return permitted(name, mayUse, router)
  }
}

const absent: ReadonlySet<string> = new Set(['model_not_found', 'model_load_failed'] satisfies GatewayError['code'][])

/** What the hub does not know is no model. */
function inTermsOfModels(error: unknown): never {
  if (!(error instanceof GatewayError) || error.code !== 'not_found') throw error
  throw new GatewayError('model_not_found', error.message, { param: 'model', cause: error })
}
