/** The door of the configuration: default, then file, then page, then environment, then flags, the later the stronger. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { codeOf, GatewayError, messageOf } from '../errors.ts'
import { parseConfigFile } from './file.ts'
import { placeOf, type FileLayer, type Layers } from './layers.ts'
import { pageName } from './page.ts'
import { expandHome } from './paths.ts'
import { writtenPath, type Problem } from './problems.ts'
import { resolveLayers, type Config } from './resolve.ts'
import { fromEnvironment, fromFlags, ownVariables, type Flags } from './sources.ts'

export { expandProfileHome } from './paths.ts'
export { examineProfile, readProfile, readProfileText, type ExaminedProfile } from './profile.ts'
export { profileFields } from './profile-fields.ts'
export { readProfilesFile, writeProfilesFile, type ProfilesFile } from './profiles-file.ts'
export { profileSettings, type ProfileSettings, type Settings, type WrittenProfile } from './schema.ts'
export type { SwappedModel } from './llama-swap.ts'
export type { HubAccess } from './hub.ts'
export type { Origin } from './layers.ts'
export type { ModelPlace } from './places.ts'
export type { Config } from './resolve.ts'
export type { Flags } from './sources.ts'
export { createSettingsBook, type Setting, type SettingsBook } from './settings-book.ts'
export { writtenDuration } from '../wire/amounts.ts'
export { written } from './written.ts'

export interface ConfigSources {
  readonly flags: Flags
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
  /** What relative paths of flags and variables are relative to; default: the process's own. */
  readonly workingDirectory?: string
  /** The text of a file; undefined where there is none. */
  readonly readFile?: (path: string) => string | undefined
}

/** Throws GatewayError `invalid_config` that lists every problem, each with where it stands and what to write instead. */
export function loadConfig(sources: ConfigSources): Config {
  const { flags, environment, homeDirectory, workingDirectory = process.cwd(), readFile = readIfThere } = sources
  const absolute = (path: string) => resolve(workingDirectory, expandHome(path, homeDirectory))
  const dataDirectory = absolute(flags.data || environment[ownVariables.data] || '~/.mlx-gateway')
  const pageFile = join(dataDirectory, pageName)

  const named = flags.config || environment[ownVariables.config]
  const path = named ? absolute(named) : join(dataDirectory, 'config.yaml')
  const file = readLayer({ origin: 'file', path }, Boolean(named), readFile)
  const page = readLayer({ origin: 'page', path: pageFile }, false, readFile)
  const fromOutside = [fromEnvironment(environment), fromFlags(flags)]
  const layers = {
    files: [...file.layers, ...page.layers],
    assignments: fromOutside.flatMap(({ assignments }) => assignments),
  }

  const ground = { environment, homeDirectory, readFile, dataDirectory, workingDirectory, pageFile }
  const resolved = resolveLayers(layers, ground)
  const unread = [...file.problems, ...page.problems, ...fromOutside.flatMap(({ problems }) => problems)]
  if (resolved.config !== undefined && unread.length === 0) return resolved.config
  throw refusal([...unread, ...resolved.problems.map((problem) => inWords(problem, layers)), ...resolved.outside])
}

interface ReadLayer {
  readonly layers: readonly FileLayer[]
  readonly problems: readonly string[]
}

function readLayer(
  { origin, path }: Pick<FileLayer, 'origin' | 'path'>,
  mustExist: boolean,
  readFile: (path: string) => string | undefined,
): ReadLayer {
  try {
    const text = readFile(path)
    if (text === undefined) return { layers: [], problems: mustExist ? [`${path}: there is no such file`] : [] }
    const { values, lineOf, problems } = parseConfigFile(text)
    return { layers: [{ origin, path, values, lineOf }], problems: problems.map((problem) => `${path}: ${problem}`) }
  } catch (thrown) {
    return { layers: [], problems: [`${path} cannot be read: ${messageOf(thrown)}`] }
  }
}

function inWords({ path, message }: Problem, layers: Layers): string {
  const place = placeOf(path, layers)
  return `${writtenPath(path)}${place === undefined ? '' : ` (${place})`}: ${message}`
}

function refusal(problems: readonly string[]): GatewayError {
  return new GatewayError(
    'invalid_config',
    `The configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
  )
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    // in a place that is no folder there is no file either; that it is none is told by whoever needs the folder
    if (['ENOENT', 'ENOTDIR'].includes(String(codeOf(thrown)))) return undefined
    throw thrown
  }
}
