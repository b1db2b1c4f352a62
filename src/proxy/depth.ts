/** How deep a body may be nested. */
import type { Json, JsonObject } from '../wire/json.ts'
import { invalid } from './call.ts'

/** More than the schema of any tool needs. Python gives up at a few hundred levels, and mlx_lm.server 0.32.2 then closes the connection
 *  without an answer. */
const deepest = 100

/** Throws GatewayError `invalid_request` that names the field. */
export function refuseDeep(field: string, value: Json | undefined): void {
  let level = holders([value])
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest) throw invalid(field, `is nested more than ${deepest} levels deep`)
    level = holders(level.flatMap((holder): (Json | undefined)[] => Object.values(holder)))
  }
}

/** Those that hold further values. */
function holders(values: readonly (Json | undefined)[]): (readonly Json[] | JsonObject)[] {
  return values.filter((value) => typeof value === 'object' && value !== null)
}
