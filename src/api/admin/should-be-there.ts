/** Which files a model should have: its own folder says nothing of a file that is gone with its name. */
import { findRevision, type VerifiedFile, type Which } from '../../catalog/catalog.ts'
import { GatewayError } from '../../errors.ts'
import type { House } from '../door.ts'

export interface ShouldBeThere {
  /** Names of files by commit. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>
  /** Why it is not known, of one commit at least. */
  readonly unlisted: string | null
}

/** As downloads or the hub have it. What the hub does not tell is no failure; rejects with the signal's reason. */
export async function shouldBeThere(
  { catalog, downloads }: Pick<House, 'catalog' | 'downloads'>,
  id: string,
  { folder, revision }: Which,
  signal: AbortSignal,
): Promise<ShouldBeThere> {
  const model = catalog
    .local()
    .find((one) => one.id === id && (folder === undefined ? !one.shadowed : one.folder === folder))
  if (model?.source !== 'huggingface') {
    return { names: new Map(), unlisted: 'It lies in a plain folder, and nobody says which files belong to it.' }
  }
  const { revisions } = model
  const only = revision === undefined ? undefined : findRevision(revisions, revision)
  const names = new Map<string, ReadonlySet<string>>()
  let unlisted: string | null = null
  for (const { commit } of only === undefined ? revisions : [only]) {
    try {
      names.set(commit, await downloads.listing(id, commit, signal))
    } catch (thrown) {
      if (!(thrown instanceof GatewayError) || signal.aborted) throw thrown
      unlisted = thrown.message
    }
  }
  return { names, unlisted }
}

/** Those of the names that are not among these files. Pure. */
export function absentFrom(files: readonly VerifiedFile[], { names }: ShouldBeThere): readonly VerifiedFile[] {
  const why = 'it belongs to this revision and is not there'
  return [...names].flatMap(([commit, wanted]) => {
    const here = new Set(files.filter(({ revisions }) => revisions.includes(commit)).map(({ path }) => path))
    const absent = [...wanted].filter((path) => !here.has(path))
    return absent.map((path) => ({ path, revisions: [commit], bytes: 0, state: 'missing', why }) as const)
  })
}
