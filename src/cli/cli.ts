/** Every command, on one page. */
import { Command, CommanderError } from 'commander'
import type { Config } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import { printLink } from './admin.ts'
import { configOf, configurable } from './configure.ts'
import { printConfig } from './config.ts'
import { doctor } from './doctor.ts'
import { changeDownloads, forgetDownloads, listDownloads } from './downloads.ts'
import { tellError } from './each-of.ts'
import { installEngine, listEngines, removeEngine } from './engines.ts'
import { readExpiry, readScope } from './key-options.ts'
import { createKey, listKeys, revokeKey } from './keys.ts'
import { logs } from './logs.ts'
import { diskUse, listModels, listUpdates, removeModel } from './models.ts'
import { printOpenapi } from './openapi.ts'
import { addProfile, listProfiles, removeProfile, showProfile } from './profiles.ts'
import { exportProfiles, importProfiles } from './profiles-file.ts'
import { each, type Options } from './options.ts'
import { examples } from './examples.ts'
import { printable } from './print.ts'
import { pull } from './pull.ts'
import { readCount, readDownload, readModel, readSize, readSort } from './readers.ts'
import { search } from './search.ts'
import { ps, stop } from './servers.ts'
import { serve } from './serve.ts'
import { verifyModel } from './verify.ts'
import { version } from './version.ts'
import type { World } from './world.ts'

/** The exit code, where it is none of the usual ones. */
type Action = (config: Config, arguments_: string[], options: Options) => Promise<number | void>

/** Runs one command line; returns the exit code: 0, 1 for a failure, 2 for a wrong call. */
export async function runCli(argv: readonly string[], world: World): Promise<number> {
  let code = 0
  const program = describe(world, (ended) => (code = ended))
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const message = error instanceof GatewayError ? error.message : describeUnexpected(error)
    tellError(message, world)
    return 1
  }
}

function describe(world: World, ended: (code: number) => void): Command {
  const program = configurable(new Command('mlx-gateway'))
    .description('One OpenAI-compatible endpoint for every MLX model on this machine.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.out.write(text),
      writeErr: (text) => world.err.write(printable(text)),
    })

  /** A command that knows the configuration; `--json` where it prints a table. */
  const add = (parent: Command, usage: string, description: string, action: Action): Command =>
    parent
      // `mlx-gateway keys` says the same as `mlx-gateway keys list`
      .command(usage, { isDefault: usage === 'list' })
      .allowExcessArguments(usage === 'list')
      .description(description)
      .action(async (...given: unknown[]) => {
        const command = given.pop() as Command
        if (usage === 'list') refuseUnknown(command)
        const named = command.processedArgs.flat().filter((value) => value !== undefined)
        ended((await action(configOf(program, world), named, command.opts())) ?? 0)
      })
  const list = (parent: Command, usage: string, description: string, action: Action): Command =>
    add(parent, usage, description, action).option('--json', 'for scripts')
  const group = (name: string, description: string): Command => program.command(name).description(description)

  add(program, 'serve', 'run the gateway', (config) => serve(config, world))
  list(program, 'ps', 'the servers: state, memory, queue', (config, _, options) => ps(config, world, options))
  add(program, 'stop <profile>', 'stop a server once its answers have ended', (config, [name = ''], options) =>
    stop(config, world, name, options),
  ).option('--now', 'cut off answers under way')
  add(program, 'logs [profile]', 'what a server has written', (config, [name], options) =>
    logs(config, world, name, options),
  ).option('-f, --follow', 'go on with each further line')

  add(program, 'admin', 'a link that signs you in to the admin page, once', (config) => printLink(config, world))

  const models = group('models', 'the models on disk').addHelpText('after', examples.models)
  list(models, 'list', 'list them', (config, _, options) => listModels(config, world, options))
  add(models, 'rm <id>', 'delete one, or one revision of it: owner/name@revision', (config, [id = ''], options) =>
    removeModel(config, world, id, options),
  )
    .option('-y, --yes', 'without being asked')
    .option('--folder <path>', 'of several with one id, the one that lies there')
  list(models, 'verify <id>', 'read one again and compare it with what it must be', (config, [id = ''], options) =>
    verifyModel(config, world, id, options),
  )
    .option('--repair', 'fetch again what is broken or missing')
    .option('--folder <path>', 'of several with one id, the one that lies there')
  list(models, 'du', 'what they take on disk', (config, _, options) => diskUse(config, world, options))
  list(models, 'updates', 'ask the hub whether there is something newer', (config, _, options) =>
    listUpdates(config, world, options),
  )

  list(program, 'search [query...]', 'find MLX models on the hub, and whether they fit', (config, words, options) =>
    search(config, world, words.join(' '), options),
  )
    .option('--owner <name>', 'for example mlx-community')
    .option('--task <name>', 'as the hub calls it, for example text-generation')
    .option('--bits <number>', 'of a weight; 16 or 32: not quantised', readCount)
    .option('--max-size <size>', 'of the weights, for example 8GB', readSize)
    .option('--min-size <size>', 'of the weights', readSize)
    .option('--sort <order>', 'downloads or recent', readSort)
    .option('--limit <number>', 'so many at most (20)', readCount)
    .addHelpText('after', examples.search)
  list(program, 'pull', 'get models from the hub', (config, wanted, options) => pull(config, world, wanted, options))
    .argument('<model...>', 'owner/name, owner/name@revision, or the address of its page', each(readModel))
    .option('--wait', 'stay until they are on disk, also where there is no terminal')
    .addHelpText('after', examples.pull)
  const downloads = group('downloads', 'models on their way')
  list(downloads, 'list', 'list them', (config, _, options) => listDownloads(config, world, options))
  const which = 'its number, or owner/name; more than one for several'
  for (const [verb, description] of [
    ['pause', 'stop for now; what has come is kept'],
    ['resume', 'go on with one that was paused or failed'],
    ['cancel', 'give one up and throw away what has come'],
  ] as const) {
    add(downloads, verb, description, (config, given) => changeDownloads(config, world, verb, given)).argument(
      '<number...>',
      which,
      each(readDownload),
    )
  }
  add(downloads, 'rm', 'take one that is over off the list', (config, given, options) =>
    forgetDownloads(config, world, given, options),
  )
    .argument('[number...]', which, each(readDownload))
    .option('--all', 'all that are complete or cancelled')
    .hook('preAction', (command) => {
      if (command.args.length === 0 && command.opts<Options>().all !== true)
        command.error("error: missing argument 'number', or --all")
    })

  const profiles = group('profiles', 'how models are served')
  list(profiles, 'list', 'list them', (config, _, options) => listProfiles(config, world, options))
  add(profiles, 'show <name>', 'one profile, as JSON', (config, [name = '']) => showProfile(config, world, name))
  add(
    profiles,
    'add <file>',
    'make or replace a profile from YAML or JSON; - for standard input',
    (config, [file = '']) => addProfile(config, world, file),
  )
  add(profiles, 'rm <name>', 'remove one', (config, [name = '']) => removeProfile(config, world, name))

  add(profiles, 'export', 'print those that were made here, as YAML', (config) => exportProfiles(config, world))
  list(
    profiles,
    'import <file>',
    'make or replace profiles from a file, ours or llama-swap’s; - for standard input',
    (config, [file = ''], options) => importProfiles(config, world, file, options),
  ).option('--dry-run', 'only say what would be done')

  const keys = group('keys', 'API keys')
  list(keys, 'list', 'list them', (config, _, options) => listKeys(config, world, options))
  add(keys, 'create <name>', 'make a key; it is printed this once', (config, [name = ''], options) =>
    createKey(config, world, name, options),
  )
    .option('--scope <scope>', 'inference (default), metrics or admin; more than once for several', each(readScope))
    .option('--model <name>', 'only this model; more than once for several', each(String))
    .option('--expires <time>', 'for example 30d', readExpiry)
    .option('--json', 'for scripts')
  add(keys, 'revoke <id>', 'revoke a key, also for streams that are open', (config, [id = '']) =>
    revokeKey(config, world, id),
  )

  const engines = group('engines', 'the server programs')
  list(engines, 'list', 'list them', (config, _, options) => listEngines(config, world, options))
  add(engines, 'install [name]', 'install one (default: mlx-lm)', (config, [name = 'mlx-lm']) =>
    installEngine(config, world, name),
  )
  add(engines, 'rm <name>', 'remove one that the gateway installed', (config, [name = '']) =>
    removeEngine(config, world, name),
  )

  list(program, 'config', 'every setting, its value and where it came from', async (config, _, options) =>
    printConfig(config, world, options),
  )
  list(program, 'doctor', 'look for what would go wrong', (config, _, options) => doctor(config, world, options))
  program.command('openapi', { hidden: true }).action(() => printOpenapi(world))
  return program
}

/** What a group does not know ends up with its `list`, which takes no arguments. */
function refuseUnknown(command: Command): void {
  const [unknown] = command.args.slice(command.registeredArguments.length)
  if (unknown === undefined) return
  const group = command.parent?.name() ?? ''
  command.error(`error: unknown command '${group} ${unknown}'; see: mlx-gateway ${group} --help`)
}

function describeUnexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
}
