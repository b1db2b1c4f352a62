/** Whether a profile can answer at once. Pure. */
import type { Profile } from '../../parts/use-profiles.ts'

/** `fetched first`: the gateway brings its model when it is first asked for. */
export type Readiness = 'ready' | 'fetched first' | 'missing'

/** The starter's model may always be asked for, whether or not it is here; `ids`: of the models that are. */
export function readinessOf(
  { available, origin, model }: Pick<Profile, 'available' | 'origin' | 'model'>,
  ids: readonly string[],
): Readiness {
  if (!available) return 'missing'
  return origin === 'starter' && !ids.includes(model ?? '') ? 'fetched first' : 'ready'
}
