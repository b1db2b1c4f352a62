/** Every setting, its unit and its default, on one page. The only place where a default is written. */
import { z } from 'zod'
import { readEndpoint } from './endpoint.ts'
import { byteSize, duration, longDuration, memoryBudget, rate, timeout } from './units.ts'

const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,95}(\/[A-Za-z0-9][A-Za-z0-9._:-]{0,95})?$/,
    'may hold only letters, digits, . _ : - and one /',
  )
const revision = z
  .string()
  .regex(/^(?!.*(\.\.|\/\/))[A-Za-z0-9][A-Za-z0-9._/+-]{0,254}$/, 'must be a branch, a tag or a commit')
const argument = z.string().regex(/^[^\0\r\n]*$/, 'one line, no NUL')
const place = z.string().regex(/[/~]/, 'write true, false or a path')
const owner = z.string().regex(/^([A-Za-z0-9][A-Za-z0-9._-]{0,95}|\*)$/, 'write an owner on the hub, or "*" for all')
const parameters = z.record(z.string(), z.json())
const mebibyte = 1024 ** 2

/** One way to serve a model, and the names it answers to; in the file, in SQLite and in the admin API alike. */
export const profileSettings = z.strictObject({
  name: name.describe('what clients ask for'),
  aliases: z.array(name).max(100).default([]).describe('further names it answers to'),
  engine: z.enum(['mlx-lm', 'command']).default('mlx-lm').describe('the server program'),
  model: argument.min(1).optional().describe('a folder, or the repo id of a local model'),
  revision: revision.optional().describe('the branch, tag or commit of a hub model; default: main'),
  command: z
    .array(argument)
    .min(1)
    .optional()
    .describe('argv of any OpenAI-compatible server; ${port} and ${model} are filled in'),
  arguments: z.array(argument).default([]).describe('further flags for the engine'),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), argument)
    .default({})
    .describe('further environment'),
  servedModel: argument.optional().describe('the model name the server itself expects'),
  adapter: argument.optional().describe('a LoRA folder'),
  draftModel: argument.optional().describe('a small model for speculative decoding'),
  context: z
    .int()
    .min(1)
    .optional()
    .describe('tokens kept per request when memory is reckoned; default: the model, at most 8192'),
  defaults: parameters.default({}).describe('request parameters used where the client gives none'),
  force: parameters.default({}).describe('request parameters that overrule the client'),
  idle: duration.optional().describe('unload after this long without a request; 0: never'),
  pinned: z.boolean().default(false).describe('never unloaded to make room or for idleness'),
  preload: z.boolean().default(false).describe('started with the gateway'),
  concurrency: z.int().min(1).max(1024).optional().describe('requests sent to the server at once'),
  memory: byteSize.optional().describe('bytes to reserve, in place of the estimate'),
})

export const settings = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
      port: z.int().min(0).max(65535).default(8090).describe('port to listen on; 0: any free one'),
      allowedHosts: z
        .array(z.string())
        .default([])
        .describe('Host names accepted beside the address itself and localhost'),
      allowedOrigins: z.array(z.string()).default([]).describe('web origins whose pages may call /v1'),
      maxBody: byteSize.default(32 * mebibyte).describe('largest request body, bytes'),
      maxBodies: byteSize
        .default(256 * mebibyte)
        .describe('what the bodies of all requests under way, those that wait included, may hold together, bytes'),
      maxHeaders: byteSize.default(32 * 1024).describe('largest request header block, bytes'),
      headersTimeout: timeout.default(15_000).describe('a client must have sent its headers within, ms'),
      bodyTimeout: timeout.default(120_000).describe('a client must have sent its whole request within, ms'),
      keepAlive: timeout.default(65_000).describe('an idle client connection is kept for, ms'),
      drain: duration.default(30_000).describe('at shutdown, answers under way may take this long, ms'),
    })
    .prefault({}),
  auth: z
    .strictObject({
      required: z.boolean().optional().describe('whether /v1 needs a key; default: only once a key exists'),
    })
    .prefault({}),
  models: z
    .strictObject({
      folders: z.array(z.string()).default([]).describe('folders searched for models'),
      huggingfaceCache: z
        .union([z.boolean(), place], 'write true, false or a path')
        .default(true)
        .describe('search the Hugging Face cache (or the one at this path)'),
      lmStudio: z
        .union([z.boolean(), place], 'write true, false or a path')
        .default(true)
        .describe('search LM Studio’s folder (or the one at this path)'),
      starter: z.boolean().default(true).describe('offer the small starter model'),
      autoPull: z
        .array(owner)
        .default([])
        .describe('owners on the hub whose models are fetched when asked for; none: off, *: all'),
      allowRemoteCode: z.boolean().default(false).describe('let models run Python code of their own'),
    })
    .prefault({}),
  hub: z
    .strictObject({
      endpoint: z
        .string()
        .refine((text) => readEndpoint(text) !== undefined, 'write an address, for example https://huggingface.co')
        .optional()
        .describe('the hub that models come from; default: HF_ENDPOINT, else the public one'),
      token: z
        .string()
        .regex(/^[\x21-\x7e]+$/, 'write one word, without blanks')
        .optional()
        .meta({
          secret: true,
          description: 'of your account there; default: HF_TOKEN, else what `hf auth login` noted',
        }),
      offline: z.boolean().optional().describe('never ask the hub for anything; default: HF_HUB_OFFLINE'),
    })
    .prefault({}),
  downloads: z
    .strictObject({
      parallel: z.int().min(1).max(16).default(2).describe('models fetched at once'),
      connections: z.int().min(1).max(32).default(4).describe('requests at once for one model'),
      bandwidth: rate.optional().describe('bytes a second of all downloads together; default: no limit'),
      keepFree: byteSize.default(1024 * mebibyte).describe('disk space that downloads leave free, bytes'),
      stall: timeout.default(30_000).describe('a transfer without a byte for this long is tried again, ms'),
      attempts: z
        .int()
        .min(1)
        .max(100)
        .default(6)
        .describe('tries in a row that fetch nothing before a download fails'),
    })
    .prefault({}),
  memory: z
    .strictObject({
      budget: memoryBudget
        .optional()
        .describe('what all servers together may hold; default: what the machine recommends for its GPU'),
      default: byteSize.default(2048 * mebibyte).describe('reserved for a server whose need is not known, bytes'),
    })
    .prefault({}),
  engines: z
    .strictObject({
      'mlx-lm': z
        .strictObject({
          executable: z
            .string()
            .optional()
            .describe('an mlx_lm.server of your own; default: installed and kept by the gateway'),
        })
        .prefault({}),
      python: z
        .string()
        .optional()
        .describe('the Python (3.11 to 3.14) that engines are installed with; default: python3 on PATH'),
    })
    .prefault({}),
  scheduling: z
    .strictObject({
      idle: duration.default(10 * 60_000).describe('unload a server after this long without a request, ms; 0: never'),
      concurrency: z.int().min(1).max(1024).default(8).describe('requests sent to one server at once'),
      queue: z.int().min(0).max(100_000).default(128).describe('requests that may wait for one profile'),
      queueTotal: z.int().min(0).max(100_000).default(1024).describe('requests that may wait in all'),
      queueTimeout: duration.default(10 * 60_000).describe('longest wait for a place, ms'),
    })
    .prefault({}),
  supervision: z
    .strictObject({
      startStall: timeout
        .default(120_000)
        .describe('a start without a sign of progress for this long has failed, ms (longer for big models)'),
      politeStop: duration.default(10_000).describe('a server may take this long to stop when asked, ms'),
      termStop: duration.default(5_000).describe('and this long after SIGTERM before it is killed, ms'),
      backoffMin: duration.default(1_000).describe('first pause after a failed start, ms'),
      backoffMax: duration.default(60_000).describe('longest pause after failed starts, ms'),
      healthyAfter: duration.default(10 * 60_000).describe('failures are forgotten after running this long, ms'),
      maxFailures: z.int().min(1).default(5).describe('failed starts after which requests are refused at once'),
      logSize: byteSize.default(5 * mebibyte).describe('largest log file of a server; one older file is kept, bytes'),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      connect: timeout.default(5_000).describe('to reach a server, ms'),
      firstByte: timeout.default(300_000).describe('without a sign of progress before the first token, ms'),
      idle: timeout.default(180_000).describe('between two tokens, ms'),
      whole: timeout
        .default(60 * 60_000)
        .describe('for an answer that a server gives only as a whole (log probabilities of mlx-lm), ms'),
      writeIdle: timeout.default(60_000).describe('a client that reads nothing is let go after, ms'),
      heartbeat: timeout.default(5_000).describe('a waiting stream gets a sign of life this often, ms'),
    })
    .prefault({}),
  history: z
    .strictObject({
      keep: longDuration.default(30 * 24 * 3_600_000).describe('finished requests are remembered for, ms'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('least important line written'),
      format: z
        .enum(['auto', 'json', 'pretty'])
        .default('auto')
        .describe('auto: pretty on a terminal, else JSON lines'),
    })
    .prefault({}),
  profiles: z.array(profileSettings).default([]).describe('profiles declared in the file'),
})

export type ProfileSettings = z.output<typeof profileSettings>
/** The same as people write it. */
export type WrittenProfile = z.input<typeof profileSettings>
export type Settings = z.output<typeof settings>
