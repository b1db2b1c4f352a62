/** A command of an MLX server that the gateway does not bring along, as a profile with engine `command`. Pure. */
import type { Adopted } from './adopted.ts'
import { isFlag } from './flags.ts'
import { givenIn, valueOf, wordsOf, type Given } from './given-flags.ts'
import type { Recognised } from './known-program.ts'

const modelFlags = ['--model', '--model-path']
/** The gateway's to say; `--api-key` because it asks its servers without one. */
const dropped = new Set<string | undefined>(['--host', '--port', '--api-key'])

/** The command stays, with what is the gateway's to fill in: model, host and port. Some of these servers listen to the whole network unless
 *  they are told otherwise. */
export function adoptCommand(recognised: Recognised, all: readonly Given[]): Adopted {
  const { program, call, flags, environment } = recognised
  const [first] = flags
  const positional = program === 'vllm-mlx' && first !== undefined && !isFlag(first) ? first : undefined
  const given = positional === undefined ? all : givenIn(flags.slice(1))
  const model = positional ?? valueOf(given, ...modelFlags)
  if (model === undefined)
    return { reason: 'It names no model where one is looked for: behind --model, or first of all.' }
  const servedModel = valueOf(given, '--served-model-name')
  const named = positional === undefined ? [] : ['${model}']
  const kept = given.filter(({ flag }) => !dropped.has(flag)).map((one) => withPlace(one))
  return {
    settings: {
      engine: 'command',
      command: [...call, ...named, ...kept.flatMap(wordsOf), '--host', '127.0.0.1', '--port', '${port}'],
      model,
      ...(servedModel === undefined ? {} : { servedModel }),
      environment,
    },
    notes: notesOn(given),
  }
}

function withPlace(given: Given): Given {
  return given.flag !== undefined && modelFlags.includes(given.flag) ? { ...given, value: '${model}' } : given
}

function notesOn(given: readonly Given[]): readonly string[] {
  const host = valueOf(given, '--host') ?? '127.0.0.1'
  const hasKey = given.some(({ flag }) => flag === '--api-key')
  return [
    ...(/^(localhost|127(\.\d+){3}|::1)$/.test(host)
      ? []
      : [`It listens on 127.0.0.1 alone, not on ${host}: clients come through the gateway.`]),
    ...(hasKey ? ['Without --api-key: the gateway looks after keys, and asks its servers without one.'] : []),
  ]
}
