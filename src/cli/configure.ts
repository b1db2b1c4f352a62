/** What every command may be told of the configuration, before its name or after it. */
import { type Command, InvalidArgumentError } from 'commander'
import { type Config, type Flags, loadConfig } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { each } from './options.ts'
import type { World } from './world.ts'

export function configurable(program: Command): Command {
  return program
    .option('--config <file>', 'the configuration file; default: config.yaml in the data directory', notEmpty)
    .option('--data <directory>', 'the data directory; default: ~/.mlx-gateway', notEmpty)
    .option('--host <address>', 'the address to listen on (server.host)', notEmpty)
    .option('--port <number>', 'the port to listen on (server.port)', notEmpty)
    .option(
      '--set <path=value>',
      'any setting, for example --set scheduling.idle=5m; more than once for several',
      each(String),
    )
    .configureHelp({ showGlobalOptions: true })
}

/** Throws GatewayError `invalid_config`; where the flags are at fault by themselves, ends as a wrong call. */
export function configOf(program: Command, { environment, homeDirectory }: World): Config {
  const flags = program.opts<Flags>()
  try {
    return loadConfig({ flags, environment, homeDirectory })
  } catch (error) {
    if (error instanceof GatewayError && areWrong(flags, homeDirectory)) return program.error(`error: ${error.message}`)
    throw error
  }
}

function areWrong({ data, host, port, set }: Flags, homeDirectory: string): boolean {
  try {
    loadConfig({ flags: { data, host, port, set }, environment: {}, homeDirectory, readFile: () => undefined })
    return false
  } catch {
    return true
  }
}

/** `--data "$UNSET"` must not become the usual directory. */
function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.')
  return text
}
