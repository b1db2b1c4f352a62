/** How much JSON may hold, judged by its bytes: a parser would hold up everybody, or end the process, before anyone could judge what it made. */
import { GatewayError } from '../errors.ts'
import { outlineOf, type Outline } from '../wire/outline.ts'
import { invalid } from './invalid.ts'

/** Below a field: more than the schema of any tool needs. Python gives up at a few hundred levels, and mlx_lm.server 0.32.2 then closes
 *  the connection without an answer. */
const deepest = 100
/** In all, names included: a million tokens of conversation have fewer. As many objects take a quarter of a second to parse. */
const most = 200_000
/** Python reads no whole number of more digits. */
const longestNumber = 4300

/** The outline of a request's body. Throws GatewayError `invalid_request` that names the field. */
export function bodyWithinBounds(bytes: Buffer): Outline {
  const outline = outlineOf(bytes, { depth: deepest + 1, values: most })
  refuseExcess(outline, outline.excess?.member)
  return outline
}

/** JSON within a text, which a backend's template parses. Throws GatewayError `invalid_request`. */
export function textWithinBounds(text: string, field: string): void {
  const outline = outlineOf(Buffer.from(text), { depth: deepest, values: most })
  refuseExcess(outline, field)
  if (outline.longestNumber > longestNumber) throw invalid(field, `holds a number of more than ${longestNumber} digits`)
}

function refuseExcess({ excess }: Outline, field: string | undefined): void {
  if (excess === undefined) return
  const problem =
    excess.bound === 'depth'
      ? `is nested more than ${deepest} levels deep`
      : `makes more than ${most} values and names in all; send fewer, or text`
  throw field === undefined
    ? new GatewayError('invalid_request', `The request body ${problem}.`)
    : invalid(field, problem)
}
