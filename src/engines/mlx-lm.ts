/** Engine `mlx-lm`: one `mlx_lm.server` per profile, its model loaded from a local folder. */
import { isStarter, type Model, type Served } from '../catalog/catalog.ts'
import type { Settings } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { diagnose } from './diagnosis.ts'
import type { Dialect, Engine, LaunchCommand, Prepared, Progress, StopStep } from './engine.ts'
import type { Description } from './executable.ts'
import { checkArguments } from './flags.ts'
import { MLX_LM_SIGNS } from './mlx-lm-signs.ts'
import { isThere } from './starter.ts'

type Work<Result> = (report: (progress: Progress) => void, signal: AbortSignal) => Promise<Result>

export interface MlxLmParts {
  readonly settings: Pick<Settings, 'models' | 'supervision'>
  readonly platform: NodeJS.Platform
  /** The path of a working `mlx_lm.server`, installed first if need be. */
  readonly executable: Work<string>
  /** The same where it is there by now. */
  readonly present: (signal: AbortSignal) => Promise<string | undefined>
  readonly describe: (executable: string, signal: AbortSignal) => Promise<Description>
  /** The starter model, fetched first if need be. */
  readonly starter: Work<Model>
  /** Keep from being removed what a start needs. */
  readonly hold: { readonly [What in 'engine' | 'starter']: (signal: AbortSignal) => Promise<Disposable> }
}

/** What is installed, where it is not there yet. */
const PROGRAM = 'mlx_lm.server'
/** Browsers send no such origin, so no web page may read a server's answers past the gateway. */
const NOBODY = 'https://nobody.invalid'
/** The engine keeps finished prompts in memory, ten unless told otherwise. */
const PROMPTS_KEPT = 4
/** Prompts read together; the engine's own limit. */
const PROMPTS_AT_ONCE = 8
const USUAL_ANSWER = 8192

const OWNED: ReadonlyMap<string, string> = new Map([
  ['--host', 'servers listen on 127.0.0.1 only.'],
  ['--port', 'it chooses a free one.'],
  ['--model', 'name the model as "model" of the profile.'],
  ['--adapter-path', 'name the folder as "adapter" of the profile.'],
  ['--draft-model', 'name the model as "draftModel" of the profile.'],
  ['--allowed-origins', 'name web origins as server.allowedOrigins in the configuration.'],
  ['--help', 'it would end the server.'],
])

export function createMlxLm(parts: MlxLmParts): Engine {
  const { settings, platform } = parts
  return {
    name: 'mlx-lm',
    dialect,
    stopLadder: stopLadder(settings.supervision, platform),

    async prepare(served, report, signal) {
      using holds = new DisposableStack()
      holds.use(await parts.hold.engine(signal))
      const executable = await parts.executable(report, signal)
      const { flags, version } = await parts.describe(executable, signal)
      const starts = isStarter(served.profile)
      if (starts) holds.use(await parts.hold.starter(signal))
      // It may have been removed since the profile was looked up.
      const known = served.model !== undefined && (!starts || (await isThere(served.model.path)))
      const model = known || !starts ? served.model : await parts.starter(report, signal)
      if (model === undefined)
        throw new GatewayError('model_load_failed', `Profile ${served.profile.name} names no model.`)
      const held = holds.move()
      return { served: { ...served, model }, executable, flags, version, release: () => held.dispose() }
    },

    async preview(served, signal) {
      const executable = await parts.present(signal)
      if (executable === undefined) return { served, executable: PROGRAM, flags: undefined, version: undefined }
      const { flags, version } = await parts.describe(executable, signal)
      return { served, executable, flags, version }
    },

    command: (prepared, port) => command(prepared, port, settings.models.allowRemoteCode, platform),
    diagnose: (lines, exit) => diagnose(MLX_LM_SIGNS, lines, exit),
  }
}

/** Only a graceful end gives wired GPU memory back at once (jundot/omlx #2184). A first SIGINT waits for the running step, a second does
 *  not. Off macOS nothing is wired, and SIGTERM ends it within milliseconds. */
function stopLadder({ politeStop, termStop }: Settings['supervision'], platform: NodeJS.Platform): StopStep[] {
  const term: StopStep = { signal: 'SIGTERM', waitMs: termStop }
  if (platform !== 'darwin') return [term]
  return [{ signal: 'SIGINT', waitMs: politeStop }, { signal: 'SIGINT', waitMs: Math.min(politeStop, 2_000) }, term]
}

function command(
  prepared: Prepared,
  port: Parameters<Engine['command']>[1],
  remoteCode: boolean,
  platform: NodeJS.Platform,
): LaunchCommand {
  const { served, executable, flags } = prepared
  const { profile, model } = served
  if (model === undefined) throw new GatewayError('model_load_failed', `Profile ${profile.name} names no model.`)

  checkArguments(profile.arguments, flags, ownedFlags(remoteCode))
  const given = new Set(profile.arguments.map((argument) => argument.split('=', 1)[0]))
  const own = [
    ['--model', model.path],
    ['--host', '127.0.0.1'],
    ['--port', String(port)],
    ...asked('--adapter-path', profile.adapter, flags),
    ...asked('--draft-model', profile.draftModel, flags),
    ...(remoteCode && model.facts.remoteCode ? [['--trust-remote-code']] : []),
    ...tuning(served, platform).filter(([flag]) => knows(flags, flag) && !given.has(flag)),
  ]
  const environment = {
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_OFFLINE: '1',
    PYTHONUNBUFFERED: '1',
    // Off macOS it runs the machine's C++ compiler, which may fail (ml-explore/mlx #3463).
    ...(platform === 'darwin' ? {} : { MLX_DISABLE_COMPILE: '1' }),
    ...profile.environment,
  }
  return { file: executable, arguments: [...own.flat(), ...profile.arguments], environment }
}

function ownedFlags(remoteCode: boolean): ReadonlyMap<string, string> {
  const trust = '--trust-remote-code'
  return remoteCode ? OWNED : new Map([...OWNED, [trust, 'set models.allowRemoteCode in the configuration.']])
}

/** One that is not there yet is taken to know them all: the version that the gateway installs does. */
function knows(flags: Prepared['flags'], flag: string): boolean {
  return flags === undefined || flags.has(flag)
}

/** What a profile asks for must not be dropped silently. */
function asked(flag: string, value: string | undefined, flags: Prepared['flags']): string[][] {
  if (value === undefined) return []
  if (!knows(flags, flag)) throw new GatewayError('invalid_request', `This version of mlx-lm has no flag ${flag}.`)
  return [[flag, value]]
}

/** Our own choices, where this version knows them and the profile makes none. */
function tuning({ profile, model }: Served, platform: NodeJS.Platform): (readonly [string, string])[] {
  return [
    ['--allowed-origins', NOBODY],
    ['--log-level', 'INFO'],
    // A request that names no limit: the engine's own 512 would cut answers off.
    ['--max-tokens', String(profile.context ?? model?.facts.contextLength ?? USUAL_ANSWER)],
    ['--decode-concurrency', String(profile.concurrency)],
    ['--prompt-concurrency', String(Math.min(profile.concurrency, PROMPTS_AT_ONCE))],
    // A client's leaving, and how far a prompt has been read, are noticed between two steps; a CPU needs seconds for a short one.
    ['--prefill-step-size', platform === 'darwin' ? '512' : '32'],
    ['--prompt-cache-size', String(PROMPTS_KEPT)],
  ]
}

const dialect: Dialect = {
  fields: 'mlx-lm',
  // Any other name makes the server drop its model and load that one (ml-explore/mlx-lm #1133).
  upstreamModel: () => 'default_model',
  readinessRequest: () => ({
    path: '/v1/completions',
    body: { model: 'default_model', prompt: 'x', max_tokens: 1, temperature: 0 },
  }),
  // From 0.32.2; until then it answers 200 whatever has happened.
  finalHealth: { path: '/health', status: 503 },
  prefillComments: true,
  // ml-explore/mlx-lm #1630
  logprobsNeedWholeAnswer: true,
}
