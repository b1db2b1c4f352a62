/** Mends a model that was verified: what is broken is thrown away, and that and what is missing is fetched. */
import { isBad, type VerifiedFile, type Which } from '../../catalog/catalog.ts'
import type { Download } from '../../downloads/downloads.ts'
import { GatewayError } from '../../errors.ts'
import type { House } from '../door.ts'

type Rooms = Pick<House, 'catalog' | 'downloads' | 'hub'>

/** `files`: what the last verification found. Resolves when all of it is on disk; the signal ends the waiting, not the downloads. Nothing
 *  is thrown away that the hub cannot give again. Throws GatewayError `invalid_request`, `conflict`, and as `Downloads.pull` and `wait`. */
export async function repair(
  { catalog, downloads, hub }: Rooms,
  id: string,
  { folder }: Which,
  files: readonly VerifiedFile[],
  report: (download: Download) => void,
  signal: AbortSignal,
): Promise<void> {
  const wanted = wantedOf(files.filter(isBad))
  if (wanted.size === 0) {
    const message = `"${id}" lies in a plain folder, and nobody knows where its files came from: put them there again.`
    throw new GatewayError('invalid_request', message)
  }
  for (const commit of wanted.keys()) {
    const { id: today } = await hub.repository(id, commit, signal)
    if (today === id) continue
    const message = `The hub calls "${id}" "${today}" by now: mlx-gateway pull ${today}, then mlx-gateway models rm ${id}`
    throw new GatewayError('conflict', message)
  }
  await catalog.discardBroken(id, { folder })
  for (const [commit, also] of wanted) {
    const { id: number } = await downloads.pull(id, commit, signal, { also })
    await downloads.wait(number, report, signal)
  }
}

/** Names of files by commit. */
function wantedOf(files: readonly VerifiedFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>()
  for (const { path, revisions } of files) {
    for (const commit of revisions) wanted.set(commit, (wanted.get(commit) ?? new Set()).add(path))
  }
  return wanted
}
