/** What branches and tags point to today. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import type { Line } from './line.ts'
import { atMost } from './pool.ts'
import { readTold, type Named } from './repository.ts'

const AT_ONCE = 8

/** In the order of what was asked: the commit, or why it cannot be had. Throws GatewayError `hub_unreachable`: it would say the same of all. */
export function readCommits(
  access: HubAccess,
  named: readonly Named[],
  line: Line,
): Promise<readonly (string | GatewayError)[]> {
  return atMost(AT_ONCE, named, async (one) => {
    try {
      return (await readTold(access, one, line)).commit
    } catch (thrown) {
      if (thrown instanceof GatewayError && thrown.code !== 'hub_unreachable') return thrown
      throw thrown
    }
  })
}
