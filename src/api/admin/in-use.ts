/** Whether a model may be changed on disk just now. */
import { sep } from 'node:path'
import type { Which } from '../../catalog/catalog.ts'
import type { Download } from '../../downloads/downloads.ts'
import { GatewayError } from '../../errors.ts'
import { sameId } from '../../hub/hub.ts'
import type { House } from '../door.ts'

type Rooms = Pick<House, 'catalog' | 'supervisor' | 'downloads'>

/** Throws GatewayError `conflict` while a server uses it, whatever its profile means by now, or a download is about to bring it; and as
 *  `Catalog.usersOf` does. */
export async function refuseInUse(id: string, which: Which, { catalog, supervisor, downloads }: Rooms): Promise<void> {
  const { profiles, paths } = await catalog.usersOf(id, which)
  const running = supervisor.servers().filter(({ state }) => state.kind !== 'stopped' && state.kind !== 'failed')
  const isOneOf = (used: string) => paths.some((path) => used === path || used.startsWith(path + sep))
  const user = running.find((server) => profiles.includes(server.profile) || server.paths.some(isOneOf))
  if (user !== undefined) {
    const message = `The server of "${user.profile}" uses "${id}"; stop it first: mlx-gateway stop ${user.profile}`
    throw new GatewayError('conflict', message)
  }
  const coming = downloads.list().find((download) => isComing(download) && sameId(download.repo, id))
  if (coming === undefined) return
  const message = `"${id}" is being downloaded; give that up first: mlx-gateway downloads cancel ${coming.id}`
  throw new GatewayError('conflict', message)
}

/** Now, or some time without anybody's doing. */
function isComing({ state }: Download): boolean {
  if (state.kind === 'paused') return state.by !== 'hand'
  return state.kind === 'queued' || state.kind === 'running' || state.kind === 'verifying'
}
