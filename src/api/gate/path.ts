/** Which paths are looked at at all. A path has one spelling: what is authorised is what is routed. */
import { GatewayError } from '../../errors.ts'

const spelling = /^\/(?:(?:[A-Za-z0-9_~:@!$&'()*+,=-]|\.(?!\.?(?:\/|$))|%[0-9A-Fa-f]{2})+(?:\/(?!\/)|$))*$/
const disguised = /%(?:2e|5c|3b|25|0[0-9a-f]|1[0-9a-f]|7f)/i

/** The path of a request target, without its query. Throws GatewayError `invalid_request` for a target that is not a path
 *  (`http://…`, `*`), `not_found` for one with an empty or dotted segment, `;`, a backslash, or any of these percent-encoded. */
export function plainPath(target: string): string {
  if (!target.startsWith('/'))
    throw new GatewayError('invalid_request', 'The request target must be a path that begins with /.')
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  if (spelling.test(path) && !disguised.test(path)) return path
  throw new GatewayError(
    'not_found',
    'There is nothing at this path; paths are taken literally, without //, dots or ; in them.',
  )
}
