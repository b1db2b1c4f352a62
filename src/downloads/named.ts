/** Which download somebody means. Pure. */
import { GatewayError } from '../errors.ts'
import { isRepositoryId, sameId } from '../hub/hub.ts'
import type { Download } from './event.ts'
import { isOver } from './lifecycle.ts'

type Named = Pick<Download, 'id' | 'repo' | 'state'>

/** `all`: the oldest first. 1. By its number. 2. By the model's name: the one that is not over yet; 3. where all are, the last.
 *  Throws GatewayError `invalid_request` for what is neither, `not_found`, or `conflict` where several are meant. */
export function findNamed<T extends Named>(given: string, all: readonly T[]): T {
  if (/^\d+$/.test(given)) {
    const numbered = all.find(({ id }) => id === Number(given)) // 1
    if (numbered === undefined) throw new GatewayError('not_found', `There is no download ${given}; ${see}`)
    return numbered
  }
  if (!isRepositoryId(given)) {
    const message = `${JSON.stringify(given.slice(0, 200))} is no download: write its number or the model's owner/name; ${see}`
    throw new GatewayError('invalid_request', message, { param: 'id' })
  }
  const named = all.filter(({ repo }) => sameId(repo, given))
  const open = named.filter(({ state }) => !isOver(state))
  if (open.length > 1) {
    const numbers = open.map(({ id }) => id).join(', ')
    throw new GatewayError('conflict', `Several downloads are of ${given}: write the number of one, ${numbers}.`)
  }
  const found = open[0] ?? named.at(-1) // 2, 3
  if (found === undefined) throw new GatewayError('not_found', `There is no download of ${given}; ${see}`)
  return found
}

const see = 'see `mlx-gateway downloads`.'
