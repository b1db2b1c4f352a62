/** What is answered to a name that no profile has: the same words at every door. */
import { GatewayError } from '../../errors.ts'
import { echo, nearest, type ListedModel } from '../../router/router.ts'
import type { House } from '../door.ts'

/** Names the nearest; of an alias, the profile that it belongs to. */
export function unknownProfile(name: string, { router }: Pick<House, 'router'>): GatewayError {
  const listed = router.list()
  const owners = listed.filter(({ aliases }) => aliases.includes(name)).map(({ id }) => id)
  const near = owners.length > 0 ? owners : nearest(name, new Set(listed.map(({ id }) => id)))
  const guess = near.length === 0 ? '' : ` Did you mean ${near.map(echo).join(' or ')}?`
  return new GatewayError('not_found', `There is no profile called ${echo(name)}.${guess} See: mlx-gateway profiles`)
}

/** The profile that has this name; an alias does not do. Throws GatewayError `not_found`. */
export function listedProfile(name: string, house: Pick<House, 'router'>): ListedModel {
  const listed = house.router.list().find(({ id }) => id === name)
  if (listed === undefined) throw unknownProfile(name, house)
  return listed
}
