/** Which files a model should have. */
import type { Hub, HubFile } from '../hub/hub.ts'
import { isNeeded } from './wanted.ts'

export interface Brought {
  readonly repo: string
  readonly commit: string
  readonly files: readonly Pick<HubFile, 'path'>[]
}

/** At this commit: what downloads have brought of it, else what an engine needs of what the hub lists. Asks the hub only for what no
 *  download noted; throws as `Hub.repository`. */
export async function listingOf(
  { repo, commit }: Omit<Brought, 'files'>,
  brought: readonly Brought[],
  hub: Pick<Hub, 'repository'>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const noted = brought.filter((one) => one.repo === repo && one.commit === commit).flatMap(({ files }) => files)
  if (noted.length > 0) return namesOf(noted)
  const { files } = await hub.repository(repo, commit, signal)
  return namesOf(files.filter(({ path }) => isNeeded(path)))
}

function namesOf(files: readonly Pick<HubFile, 'path'>[]): ReadonlySet<string> {
  return new Set(files.map(({ path }) => path))
}
