/** Where models may lie on this machine. */
import { join, resolve } from 'node:path'
import { expandHome } from './paths.ts'
import type { Settings } from './schema.ts'

export interface ModelPlace {
  /** Absolute; need not exist. */
  readonly path: string
  readonly kind: 'huggingface' | 'folder' | 'lmstudio'
}

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
  /** The text of a file; undefined where there is none. */
  readonly readFile: (path: string) => string | undefined
}

/** Configured folders first; each path once. */
export function findModelPlaces(models: Settings['models'], surroundings: Surroundings): readonly ModelPlace[] {
  const { folders, huggingfaceCache, lmStudio } = models
  const places: ModelPlace[] = [
    ...folders.map((path) => ({ path, kind: 'folder' }) as const),
    ...chosen(huggingfaceCache, () => [huggingfaceHub(surroundings)]).map(
      (path) => ({ path, kind: 'huggingface' }) as const,
    ),
    ...chosen(lmStudio, () => lmStudioFolders(surroundings)).map((path) => ({ path, kind: 'lmstudio' }) as const),
  ]
  return places.filter(({ path }, at) => places.findIndex((place) => place.path === path) === at)
}

function chosen(setting: boolean | string, usual: () => readonly string[]): readonly string[] {
  if (typeof setting === 'string') return [setting]
  return setting ? usual() : []
}

/** As huggingface_hub/constants.py finds it. */
function huggingfaceHub({ environment, homeDirectory }: Surroundings): string {
  const path = (written: string) => resolve(expandHome(written, homeDirectory))
  const hub = environment['HF_HUB_CACHE'] || environment['HUGGINGFACE_HUB_CACHE']
  if (hub) return path(hub)
  if (environment['HF_HOME']) return join(path(environment['HF_HOME']), 'hub')
  return join(path(environment['XDG_CACHE_HOME'] || '~/.cache'), 'huggingface', 'hub')
}

/** Today's place, the older one, and the one LM Studio was moved to, which it notes in `~/.lmstudio-home-pointer`. */
function lmStudioFolders(surroundings: Surroundings): readonly string[] {
  const { homeDirectory } = surroundings
  const moved = movedTo(surroundings)
  return [
    ...(moved ? [join(resolve(expandHome(moved, homeDirectory)), 'models')] : []),
    join(homeDirectory, '.lmstudio', 'models'),
    join(homeDirectory, '.cache', 'lm-studio', 'models'),
  ]
}

/** Another program's note: where it cannot be read, the usual places remain. */
function movedTo({ homeDirectory, readFile }: Surroundings): string | undefined {
  try {
    return readFile(join(homeDirectory, '.lmstudio-home-pointer'))?.trim()
  } catch {
    return undefined
  }
}
