/** What branches and tags point to today. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { askHub } from './ask-hub.ts'
import type { Line } from './line.ts'
import { atMost } from './pool.ts'
import { readTold, type Named } from './repository.ts'
import { Unreachable } from './unreachable.ts'

const AT_ONCE = 8

/** In the order of what was asked: the commit, or why it cannot be had. Throws GatewayError `hub_unreachable` where no answer came: it would be
 *  so for all. */
export function readCommits(
  access: HubAccess,
  named: readonly Named[],
  line: Line,
): Promise<readonly (string | GatewayError)[]> {
  return atMost(AT_ONCE, named, async (one) => {
    try {
      return (await askHub(access, () => readTold(access, one, line))).commit
    } catch (thrown) {
      if (thrown instanceof GatewayError && !(thrown instanceof Unreachable)) return thrown
      throw thrown
    }
  })
}
