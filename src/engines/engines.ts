/** The door of the engines: which there are, how they are installed, and the contract they satisfy. */
import { join } from 'node:path'
import type { Model } from '../catalog/catalog.ts'
import type { Settings } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import { createCommand } from './command.ts'
import { rememberDescriptions } from './described.ts'
import type { Engine, Progress } from './engine.ts'
import { childEnvironment, installerEnvironment } from './environment.ts'
import { Holding } from './holding.ts'
import { describeExecutable } from './executable.ts'
import { createMlxLm } from './mlx-lm.ts'
import type { PythonSearch } from './python.ts'
import { createRuntime, MLX_LM_VERSION, type RuntimeEvent } from './runtime.ts'
import { findPrograms, searchFolders } from './search-path.ts'
import { shareRuns } from './shared-run.ts'
import { fetchStarter } from './starter.ts'

export { adopt } from './adopt.ts'
export { anyPort } from './engine.ts'
export type { Diagnosis, Dialect, Engine, Exit, LaunchCommand, Prepared, Progress, StopStep } from './engine.ts'
export { childEnvironment } from './environment.ts'

export type EngineEvent = RuntimeEvent

/** An engine that the gateway can install. */
export interface EngineStatus {
  readonly name: 'mlx-lm'
  /** `external`: an executable of the person's own, named in the configuration. */
  readonly state: 'not installed' | 'installing' | 'installed' | 'external' | 'failed'
  /** The one that is installed, or would be; undefined where an external one does not tell. */
  readonly version: string | undefined
  readonly path: string | undefined
  /** Why, where the state is `failed`. */
  readonly reason: string | undefined
}

export interface Engines {
  engine(name: Engine['name']): Engine
  installed(): Promise<EngineStatus[]>
  /** Installs it where it is not yet. Throws GatewayError `invalid_request` for an engine that is not installed by the gateway,
   *  `conflict` for one that the configuration names an executable of, `engine_unavailable` where it fails. */
  install(name: string, report: (progress: Progress) => void, signal: AbortSignal): Promise<void>
  /** Removes what was installed; a start that comes meanwhile waits. Throws as `install`, and `conflict` while it is being installed or a
   *  server of it starts or runs. */
  remove(name: string): Promise<void>
  /** Runs `removal` of the starter model's folder, under the same conditions. */
  removeStarter<Freed>(removal: () => Promise<Freed>): Promise<Freed>
}

export interface EnginesParts {
  readonly settings: Pick<Settings, 'engines' | 'models' | 'supervision'>
  readonly dataDirectory: string
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly announce: (event: EngineEvent) => void
  /** Reads the starter model's folder. */
  readonly readModel: (path: string) => Promise<Model>
}

type Report = (progress: Progress) => void

export function createEngines(parts: EnginesParts): Engines {
  const { settings, dataDirectory, platform } = parts
  const home = join(dataDirectory, 'engines')
  const own = settings.engines['mlx-lm'].executable
  const folders = searchFolders(parts.environment, platform)
  const environment = installerEnvironment(parts.environment, platform)
  const search: PythonSearch = { chosen: settings.engines.python, folders, environment, platform }
  let failure: string | undefined

  const runtime = createRuntime({
    root: join(home, 'mlx-lm'),
    search,
    announce(event) {
      failure = event.type === 'engine.failed' ? event.reason : undefined
      parts.announce(event)
    },
  })
  const describe = rememberDescriptions(
    (path, signal) => describeExecutable(path, childEnvironment(parts.environment, platform), folders, signal),
    join(home, 'described.json'),
  )

  const executable = async (report: Report, signal: AbortSignal): Promise<string> => {
    if (own === undefined) return (await runtime.ensure(report, signal)).executable
    const [found] = await findPrograms(own, folders)
    if (found !== undefined) return found
    const message = `${own}, named as engines.mlx-lm.executable, is not an executable file. Correct the setting, or leave it out to have mlx-lm installed.`
    throw new GatewayError('engine_unavailable', message)
  }
  const present = async (signal: AbortSignal): Promise<string | undefined> =>
    own === undefined ? (await runtime.current())?.executable : executable(() => {}, signal)
  const python = async (report: Report, signal: AbortSignal): Promise<string> => {
    const path = await executable(report, signal)
    const description = await describe(path, signal)
    if (description.python !== undefined) return description.python
    throw new GatewayError(
      'engine_unavailable',
      `The starter model cannot be made: ${path} does not tell which Python it runs on.`,
    )
  }
  const starterHolding = new Holding('The starter model')
  const starter = shareRuns(async (report: Report, signal) => {
    // Its own: who asked for it may leave before a called-off run has cleared up.
    using holds = new DisposableStack()
    holds.use(await runtime.hold(signal))
    holds.use(await starterHolding.hold(signal))
    return await fetchStarter({ dataDirectory, search, python, readModel: parts.readModel }, report, signal)
  })
  const hold = { engine: runtime.hold, starter: (signal: AbortSignal) => starterHolding.hold(signal) }
  const engines: Record<Engine['name'], Engine> = {
    'mlx-lm': createMlxLm({ settings, platform, executable, present, describe, starter, hold }),
    command: createCommand(settings.supervision, folders),
  }

  async function status(): Promise<EngineStatus> {
    const none = { name: 'mlx-lm', version: MLX_LM_VERSION, path: undefined, reason: undefined } as const
    if (own !== undefined) return external(own)
    if (runtime.installing()) return { ...none, state: 'installing' }
    const present = await runtime.current()
    if (present !== undefined) return { ...none, state: 'installed', path: present.executable }
    return failure === undefined ? { ...none, state: 'not installed' } : { ...none, state: 'failed', reason: failure }
  }

  async function external(path: string): Promise<EngineStatus> {
    const signal = new AbortController().signal
    try {
      const { version } = await describe(await executable(() => {}, signal), signal)
      return { name: 'mlx-lm', state: 'external', version, path, reason: undefined }
    } catch (error) {
      return { name: 'mlx-lm', state: 'failed', version: undefined, path, reason: messageOf(error) }
    }
  }

  function mustBeOurs(name: string): void {
    if (name !== 'mlx-lm')
      throw new GatewayError('invalid_request', `There is no engine "${name}" to install; there is mlx-lm.`)
    if (own !== undefined) {
      throw new GatewayError(
        'conflict',
        `mlx-lm is ${own}, as engines.mlx-lm.executable says; the gateway does not install it.`,
      )
    }
  }

  return {
    engine: (name) => engines[name],
    installed: async () => [await status()],
    async install(name, report, signal) {
      mustBeOurs(name)
      using _ = await runtime.hold(signal)
      await runtime.ensure(report, signal)
    },
    async remove(name) {
      mustBeOurs(name)
      await runtime.remove()
    },
    removeStarter: (removal) => starterHolding.remove(removal),
  }
}
