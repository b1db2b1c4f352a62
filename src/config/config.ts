/** The door of the configuration: default, then file, then environment, then flags, the later the stronger; parsed once. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { GatewayError, messageOf } from '../errors.ts'
import { parseConfigFile } from './file.ts'
import { findHub, type HubAccess } from './hub.ts'
import { layered, originOf, placeOf, valueAt, type Layers, type Origin } from './layers.ts'
import { leaves, type Leaf } from './leaves.ts'
import { expandHome, expandPaths } from './paths.ts'
import { findModelPlaces, type ModelPlace } from './places.ts'
import { problemsOf, writtenPath, type Problem } from './problems.ts'
import { declaredProblems } from './profile.ts'
import { settings as schema, type Settings } from './schema.ts'
import { fromEnvironment, fromFlags, ownVariables, type Flags } from './sources.ts'

export { readProfile, readProfileText } from './profile.ts'
export { profileSettings, type ProfileSettings, type Settings } from './schema.ts'
export type { HubAccess } from './hub.ts'
export type { Origin } from './layers.ts'
export type { ModelPlace } from './places.ts'
export type { Flags } from './sources.ts'
export { written, writtenDuration } from './written.ts'

export interface Config {
  /** Without the hub's token. */
  readonly settings: Settings
  /** Absolute. */
  readonly dataDirectory: string
  /** The file that was read, absolute. */
  readonly file: string | undefined
  /** Every setting by its path (`server.port`), in the order of the schema; of a secret only that it is set. */
  readonly origins: Readonly<Record<string, Origin>>
  /** Where to look for models. */
  readonly modelPlaces: readonly ModelPlace[]
  /** The only place where the token is. */
  readonly hub: HubAccess
}

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

  const named = flags.config || environment[ownVariables.config]
  const path = named ? absolute(named) : join(dataDirectory, 'config.yaml')
  const read = readConfig(path, Boolean(named), readFile)
  const fromOutside = [fromEnvironment(environment), fromFlags(flags)]
  const layers = { file: read.file, assignments: fromOutside.flatMap(({ assignments }) => assignments) }

  const parsed = parse(layers)
  const problems = [...read.problems, ...fromOutside.flatMap(({ problems }) => problems), ...parsed.problems]
  if (parsed.settings === undefined || problems.length > 0) throw refusal(problems)

  const surroundings = { environment, homeDirectory, readFile }
  const hub = findHub(parsed.settings.hub, surroundings)
  if (hub.problems.length > 0) throw refusal(hub.problems)

  const writtenIn = (leaf: string) => (originOf(leaf, layers).origin === 'file' ? dirname(path) : workingDirectory)
  const settings = expandPaths(withoutToken(parsed.settings), homeDirectory, writtenIn)
  const shown = (leaf: Leaf) => (leaf.secret ? isSet(parsed.settings, leaf) : valueAt(settings, leaf.keys))
  return {
    settings,
    dataDirectory,
    file: read.file?.path,
    origins: Object.fromEntries(
      leaves.map((leaf) => [leaf.path, { value: shown(leaf), ...originOf(leaf.path, layers) }]),
    ),
    modelPlaces: findModelPlaces(settings.models, surroundings),
    hub: hub.access,
  }
}

function withoutToken(settings: Settings): Settings {
  const { token: _, ...hub } = settings.hub
  return { ...settings, hub }
}

function isSet(settings: Settings | undefined, { keys }: Leaf): 'set' | undefined {
  return valueAt(settings, keys) === undefined ? undefined : 'set'
}

function readConfig(
  path: string,
  mustExist: boolean,
  readFile: (path: string) => string | undefined,
): { readonly file: Layers['file']; readonly problems: readonly string[] } {
  try {
    const text = readFile(path)
    if (text === undefined) return { file: undefined, problems: mustExist ? [`${path}: there is no such file`] : [] }
    const { values, lineOf, problems } = parseConfigFile(text)
    return { file: { path, values, lineOf }, problems: problems.map((problem) => `${path}: ${problem}`) }
  } catch (thrown) {
    return { file: undefined, problems: [`${path} cannot be read: ${messageOf(thrown)}`] }
  }
}

function parse(layers: Layers): { readonly settings: Settings | undefined; readonly problems: readonly string[] } {
  const input = layered(layers)
  const parsed = schema.safeParse(input)
  const found = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue))),
    ...declaredProblems(valueAt(input, ['profiles'])),
  ]
  return { settings: parsed.data, problems: found.map((problem) => inWords(problem, layers)) }
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
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
}
