/** Paths as people write them, made absolute. */
import { join, resolve } from 'node:path'
import type { ProfileSettings, Settings } from './schema.ts'

/** `~` and `~/x` are the home directory's; anything else stays. */
export function expandHome(path: string, homeDirectory: string): string {
  return path === '~' || path.startsWith('~/') ? join(homeDirectory, path.slice(1)) : path
}

/** Every path in the settings, absolute. `folderOf` tells which folder the paths of a setting are relative to: that of the file it
 *  was written in, or the working directory. */
export function expandPaths(settings: Settings, homeDirectory: string, folderOf: (leaf: string) => string): Settings {
  const always = (path: string, leaf: string) => resolve(folderOf(leaf), expandHome(path, homeDirectory))
  /** A bare name may be a program on PATH or a repo id: only what begins as a path does is taken for one. */
  const ifPath = (path: string, leaf: string) => (/^(~$|~\/|\.{1,2}\/)/.test(path) ? always(path, leaf) : path)
  const { models, engines, profiles } = settings
  const place = (value: boolean | string, leaf: string) => (typeof value === 'string' ? always(value, leaf) : value)
  const { executable } = engines['mlx-lm']
  return {
    ...settings,
    models: {
      ...models,
      folders: models.folders.map((path) => always(path, 'models.folders')),
      huggingfaceCache: place(models.huggingfaceCache, 'models.huggingfaceCache'),
      lmStudio: place(models.lmStudio, 'models.lmStudio'),
    },
    engines: {
      'mlx-lm': executable === undefined ? {} : { executable: ifPath(executable, 'engines.mlx-lm.executable') },
      ...(engines.python === undefined ? {} : { python: ifPath(engines.python, 'engines.python') }),
    },
    profiles: profiles.map((profile) => expandProfile(profile, (path) => ifPath(path, 'profiles'))),
  }
}

/** A profile that stands in no file: its paths are relative to nothing, but `~` is what it is everywhere. */
export function expandProfileHome(profile: ProfileSettings, homeDirectory: string): ProfileSettings {
  return expandProfile(profile, (path) => expandHome(path, homeDirectory))
}

function expandProfile(profile: ProfileSettings, expand: (path: string) => string): ProfileSettings {
  const { model, adapter, draftModel, command } = profile
  return {
    ...profile,
    ...(model === undefined ? {} : { model: expand(model) }),
    ...(adapter === undefined ? {} : { adapter: expand(adapter) }),
    ...(draftModel === undefined ? {} : { draftModel: expand(draftModel) }),
    ...(command === undefined
      ? {}
      : { command: command.map((argument, at) => (at === 0 ? expand(argument) : argument)) }),
  }
}
