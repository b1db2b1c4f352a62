/** llama-swap's configuration file: the models in it, each with its command in words and what else it says that means something here. Pure. */
import { commandWords, withoutComments } from './command-words.ts'
import { isRecord } from './file.ts'
import { filledIn, macrosOf, OvergrownMacro } from './macros.ts'
import { settingsOf } from './swap-settings.ts'
import { groupsOf, swapFile, swapModel, type SwapFile, type SwapModel } from './swap-shape.ts'

export interface SwappedModel {
  readonly id: string
  /** Its command, with `${port}` where the port belongs; or why it cannot be taken over. */
  readonly command: { readonly words: readonly string[] } | { readonly reason: string }
  /** What it says beside its command, in the words of a profile's settings, unchecked. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What is different here, or left out, in sentences. */
  readonly notes: readonly string[]
}

export interface SwappedModels {
  readonly models: readonly SwappedModel[]
  readonly notes: readonly string[]
}

/** Told apart from our own, whose `models` are settings: here each is an object of its own. */
export function isSwapFile(value: unknown): boolean {
  return isRecord(value) && isRecord(value['models']) && Object.values(value['models']).some(isRecord)
}

const usedOfFile = new Set(['models', 'macros', 'globalTTL', 'hooks', 'groups', 'routing'])
const usedOfModel = new Set([
  'cmd',
  'macros',
  'aliases',
  'env',
  'ttl',
  'proxy',
  'useModelName',
  'concurrencyLimit',
  'filters',
])

/** Throws ZodError for what is no such file. */
export function readSwapFile(value: unknown, homeDirectory: string): SwappedModels {
  const read = swapFile.parse(value)
  const without = leftOut(Object.keys(isRecord(value) ? value : {}).filter((key) => !usedOfFile.has(key)))
  const models = Object.entries(read.models)
  const keeps =
    (read.globalTTL ?? undefined) === undefined && models.some(([, one]) => isRecord(one) && !('ttl' in one))
  return {
    models: models.map(([id, written]) => readModel(id, written, read, homeDirectory)),
    notes: [
      ...without,
      ...(groupsOf(read) === undefined
        ? []
        : ['Not taken over: groups. Here the memory decides who runs beside whom.']),
      ...(keeps ? ['A model without a ttl is unloaded after the usual idle time (scheduling.idle).'] : []),
    ],
  }
}

function readModel(id: string, written: unknown, whole: SwapFile, homeDirectory: string): SwappedModel {
  const refuse = (reason: string): SwappedModel => ({ id, command: { reason }, settings: {}, notes: [] })
  const { macros, ...raw } = isRecord(written) ? written : {}
  try {
    // a macro in a comment must not put words into the command
    const bare = typeof raw['cmd'] === 'string' ? { ...raw, cmd: withoutComments(raw['cmd']) } : raw
    const known = macrosOf(id, whole.macros, macros)
    const filled = filledIn(bare, [['env.HOME', homeDirectory], ['PORT', '${port}'], ...known])
    const { success, data, error } = swapModel.safeParse(filled)
    if (!success) {
      const [first] = error.issues
      return refuse(`It cannot be read: ${first?.path.join('.')}: ${first?.message}.`)
    }
    return readWhole(id, data, raw, whole)
  } catch (error) {
    if (error instanceof OvergrownMacro) return refuse('Its macros hold one another again and again and grow too long.')
    throw error
  }
}

function readWhole(id: string, said: SwapModel, raw: Readonly<Record<string, unknown>>, whole: SwapFile): SwappedModel {
  const without = Object.keys(raw).filter((key) => !usedOfModel.has(key))
  const filters = isRecord(raw['filters']) ? raw['filters'] : {}
  const byId = Object.keys(said.filters?.setParamsByID ?? {}).filter((key) => key !== id)
  const lost = [
    ...without,
    ...['stripParams', 'strip_params'].filter((key) => key in filters).map((key) => `filters.${key}`),
    ...byId.map((key) => `filters.setParamsByID.${key}`),
  ]
  return { id, command: readCommand(said), settings: settingsOf(id, said, whole), notes: leftOut(lost) }
}

/** 1. Another machine's. 2. What nobody can split or fill in. 3. Words. */
function readCommand({ cmd, proxy, aliases, env, useModelName }: SwapModel): SwappedModel['command'] {
  const elsewhere = proxy ? hostIn(proxy) : undefined
  if (elsewhere !== undefined && !loopback.test(elsewhere)) return { reason: `It answers at ${elsewhere}, not here.` } // 1
  const words = commandWords(cmd)
  if (words === undefined) return { reason: 'A quote in its command is not closed.' } // 2
  if (words.length === 0) return { reason: 'Its command is empty.' }
  const unknown = /\$\{(?!port\})[\w.-]+\}/.exec(
    [cmd, ...(aliases ?? []), ...(env ?? []), useModelName ?? ''].join('\n'),
  )?.[0]
  if (unknown !== undefined) return { reason: `Nobody here knows what ${unknown} stands for; write its value instead.` }
  return { words } // 3
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/

function hostIn(proxy: string): string | undefined {
  return /^https?:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)/.exec(proxy)?.[1]
}

function leftOut(keys: readonly string[]): readonly string[] {
  return keys.length === 0 ? [] : [`Not taken over: ${keys.join(', ')}.`]
}
