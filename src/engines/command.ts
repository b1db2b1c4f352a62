/** Engine `command`: any OpenAI-compatible server, started by a command line in which `${port}` and `${model}` are filled in. */
import type { Served } from '../catalog/catalog.ts'
import type { Settings } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { COMMON_SIGNS, diagnose } from './diagnosis.ts'
import type { Dialect, Engine, LaunchCommand, Prepared } from './engine.ts'
import { findPrograms } from './search-path.ts'

/** `folders`: those of PATH, in which a command without a slash is looked for. */
export function createCommand(supervision: Settings['supervision'], folders: readonly string[]): Engine {
  async function find(served: Served): Promise<Prepared> {
    const [name] = commandOf(served)
    const [executable] = await findPrograms(name, folders)
    if (executable !== undefined) return { served, executable, flags: undefined, version: undefined }
    const where = name.includes('/') ? 'is not an executable file' : 'was not found on PATH'
    throw new GatewayError(
      'engine_unavailable',
      `${name} ${where}: install it, or correct "command" of profile ${served.profile.name}.`,
    )
  }

  return {
    name: 'command',
    dialect,
    stopLadder: [{ signal: 'SIGTERM', waitMs: supervision.termStop }],

    prepare: find,
    preview: find,
    command: launch,
    diagnose: (lines, exit) => diagnose(COMMON_SIGNS, lines, exit),
  }
}

function launch({ served, executable }: Prepared, port: Parameters<Engine['command']>[1]): LaunchCommand {
  const { profile } = served
  const [, ...template] = commandOf(served)
  const environment = Object.entries(profile.environment)
  const everything = [...template, ...profile.arguments, ...environment.map(([, value]) => value)].join('\n')
  if (!everything.includes('${port}')) {
    const message = `The command of profile ${profile.name} says nowhere which port to listen on: put \${port} where it belongs.`
    throw new GatewayError('invalid_request', message, { param: 'command' })
  }
  const model = modelOf(served)
  if (model === undefined && everything.includes('${model}')) {
    const message = `The command of profile ${profile.name} has \${model}, but the profile names no model.`
    throw new GatewayError('invalid_request', message, { param: 'model' })
  }
  const fill = (text: string): string =>
    text.replaceAll('${port}', () => String(port)).replaceAll('${model}', () => model ?? '')
  return {
    file: executable,
    arguments: [...template, ...profile.arguments].map(fill),
    environment: Object.fromEntries(environment.map(([name, value]) => [name, fill(value)])),
  }
}

function commandOf({ profile }: Served): readonly [string, ...string[]] {
  const [name, ...rest] = profile.command ?? []
  if (name !== undefined) return [name, ...rest]
  const message = `Profile ${profile.name} has engine "command" but no "command".`
  throw new GatewayError('invalid_request', message, { param: 'command' })
}

function modelOf({ profile, model }: Served): string | undefined {
  return model?.path ?? profile.model
}

const upstreamModel = (served: Served): string => served.profile.servedModel ?? modelOf(served) ?? served.profile.name

const dialect: Dialect = {
  fields: 'openai',
  upstreamModel,
  readinessRequest: (served) => ({
    path: '/v1/chat/completions',
    body: { model: upstreamModel(served), messages: [{ role: 'user', content: 'x' }], max_tokens: 1 },
  }),
  finalHealth: undefined,
  prefillComments: false,
  logprobsNeedWholeAnswer: false,
}
