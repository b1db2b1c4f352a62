/** A command of mlx_lm.server as a profile that the gateway's own mlx-lm serves. Pure. */
import type { Adopted } from './adopted.ts'
import { valueOf, wordsOf, type Given } from './given-flags.ts'
import type { Recognised } from './known-program.ts'

/** What clients get who ask for nothing else. */
const sampling: ReadonlyMap<string | undefined, string> = new Map([
  ['--temp', 'temperature'],
  ['--top-p', 'top_p'],
  ['--top-k', 'top_k'],
  ['--min-p', 'min_p'],
  ['--max-tokens', 'max_tokens'],
])
/** What has a setting of its own, or is the gateway's to say. */
const settled = new Set(['--model', '--adapter-path', '--draft-model', '--host', '--port'])
/** What is the gateway's to say, and might be missed. */
const missed: ReadonlyMap<string | undefined, string> = new Map([
  ['--allowed-origins', 'name web origins as server.allowedOrigins in the configuration.'],
  ['--trust-remote-code', 'set models.allowRemoteCode in the configuration, which lets models run code of their own.'],
])

export function adoptMlxLm({ call, environment }: Recognised, given: readonly Given[]): Adopted {
  const model = valueOf(given, '--model')
  if (model === undefined) return { reason: 'It names no model: it loads whatever it is asked for.' }
  const adapter = valueOf(given, '--adapter-path')
  const draftModel = valueOf(given, '--draft-model')
  const concurrency = numberIn(valueOf(given, '--decode-concurrency'))
  const [program = ''] = call
  return {
    settings: {
      engine: 'mlx-lm',
      model,
      ...(adapter === undefined ? {} : { adapter }),
      ...(draftModel === undefined ? {} : { draftModel }),
      ...(concurrency === undefined ? {} : { concurrency }),
      defaults: Object.fromEntries(given.flatMap(parameterOf)),
      arguments: given.filter((one) => !isTaken(one)).flatMap(wordsOf),
      environment,
    },
    notes: [
      ...(program.includes('/') ? [`The gateway’s own mlx-lm serves it, not ${call.join(' ')}.`] : []),
      ...[...missed].flatMap(([flag, instead]) =>
        given.some((one) => one.flag === flag) ? [`Without ${flag}: ${instead}`] : [],
      ),
    ],
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^-?(\d+|\d*\.\d+)$/.test(text) ? Number(text) : undefined
}

function parameterOf({ flag, value }: Given): readonly (readonly [string, number])[] {
  const parameter = sampling.get(flag)
  const number = numberIn(value)
  return parameter === undefined || number === undefined ? [] : [[parameter, number]]
}

/** What is no number where one belongs stays a flag, for the engine to refuse. */
function isTaken(given: Given): boolean {
  const { flag, value } = given
  if (flag === undefined) return false
  if (flag === '--decode-concurrency') return numberIn(value) !== undefined
  return settled.has(flag) || missed.has(flag) || parameterOf(given).length > 0
}
