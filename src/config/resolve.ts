/** From layers to a configuration: parsed at the start, and again with each change that the admin page makes. */
import { dirname } from 'node:path'
import { GatewayError } from '../errors.ts'
import { findHub, type FoundHub, type HubAccess } from './hub.ts'
import { layered, originOf, valueAt, type FileLayer, type Layers, type Origin } from './layers.ts'
import { leaves, type Leaf } from './leaves.ts'
import { amended, pageProblems } from './page.ts'
import { expandPaths } from './paths.ts'
import { findModelPlaces, type ModelPlace, type Surroundings } from './places.ts'
import { problemsOf, writtenPath, type Problem } from './problems.ts'
import { declaredProblems } from './profile.ts'
import { settings as schema, type Settings } from './schema.ts'

export interface Config {
  /** Without the hub's token. */
  readonly settings: Settings
  /** Absolute. */
  readonly dataDirectory: string
  /** Of who runs the gateway: what `~` means. */
  readonly homeDirectory: string
  /** The file that was read, absolute. */
  readonly file: string | undefined
  /** The file that the admin page writes, absolute; need not be there. */
  readonly pageFile: string
  /** Every setting by its path (`server.port`), in the order of the schema; of a secret only that it is set. */
  readonly origins: Readonly<Record<string, Origin>>
  /** Of those that are not set, what is in force in their place by what the hub's own tools left, by their path. */
  readonly elsewhere: Readonly<Record<string, Origin>>
  /** Where to look for models. */
  readonly modelPlaces: readonly ModelPlace[]
  /** Beside the page's file the only place where the token is. */
  readonly hub: HubAccess
  /** What it would be with this setting as a person wrote it in the page, and the text of the page's file then; `undefined` takes the
   *  setting off that layer. Throws GatewayError `invalid_request` that says what is wrong with the value. */
  amend(leaf: Leaf, value: unknown): { readonly config: Config; readonly text: string }
}

/** All that a configuration depends on beside the layers. */
export interface Ground extends Surroundings {
  readonly dataDirectory: string
  readonly workingDirectory: string
  readonly pageFile: string
}

/** `outside`: faults that stand in no layer. Without any problem there is a configuration. */
export interface Resolved {
  readonly config: Config | undefined
  readonly problems: readonly Problem[]
  readonly outside: readonly string[]
}

export function resolveLayers(layers: Layers, ground: Ground): Resolved {
  const input = layered(layers)
  const parsed = schema.safeParse(input)
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue))),
    ...declaredProblems(valueAt(input, ['profiles'])),
    ...layers.files.filter(({ origin }) => origin === 'page').flatMap(pageProblems),
  ]
  if (parsed.data === undefined || problems.length > 0) return { config: undefined, problems, outside: [] }
  const hub = findHub(parsed.data.hub, ground)
  if (hub.problems.length > 0) return { config: undefined, problems, outside: hub.problems }
  return { config: configOf(parsed.data, hub, layers, ground), problems, outside: [] }
}

function configOf(parsed: Settings, { access: hub, elsewhere }: FoundHub, layers: Layers, ground: Ground): Config {
  const { dataDirectory, workingDirectory, homeDirectory, pageFile } = ground
  const fileOf = (origin: FileLayer['origin']) => layers.files.find((file) => file.origin === origin)?.path
  const writtenIn = (leaf: string): string => {
    const { origin } = originOf(leaf, layers)
    const file = origin === 'file' || origin === 'page' ? fileOf(origin) : undefined
    return file === undefined ? workingDirectory : dirname(file)
  }
  const settings = expandPaths(withoutToken(parsed), homeDirectory, writtenIn)
  const shown = ({ secret, keys }: Leaf): unknown => {
    if (!secret) return valueAt(settings, keys)
    return valueAt(parsed, keys) === undefined ? undefined : 'set'
  }
  return {
    settings,
    dataDirectory,
    homeDirectory,
    file: fileOf('file'),
    pageFile,
    origins: Object.fromEntries(
      leaves.map((leaf) => [leaf.path, { value: shown(leaf), ...originOf(leaf.path, layers) }]),
    ),
    elsewhere,
    modelPlaces: findModelPlaces(settings.models, ground),
    hub,
    amend: (leaf, value) => amend({ layers, ground }, leaf, value),
  }
}

function amend(present: { readonly layers: Layers; readonly ground: Ground }, leaf: Leaf, value: unknown) {
  const { layers, ground } = present
  const page = layers.files.find(({ origin }) => origin === 'page') ?? { path: ground.pageFile, values: {} }
  const { layer, text } = amended(page, leaf, value)
  const files = [...layers.files.filter(({ origin }) => origin !== 'page'), layer]
  const { config, problems, outside } = resolveLayers({ ...layers, files }, ground)
  if (config !== undefined) return { config, text }
  const said = [...problems.map(({ path, message }) => `${writtenPath(path)}: ${message}`), ...outside]
  throw new GatewayError('invalid_request', `${said.join('; ')}.`, {
    param: writtenPath(problems[0]?.path ?? leaf.keys),
  })
}

function withoutToken(settings: Settings): Settings {
  const { token: _, ...hub } = settings.hub
  return { ...settings, hub }
}
