/** Recognises MLX servers in command lines that somebody else wrote, however they are launched. Pure. */
import { basename } from 'node:path'

export interface KnownProgram {
  readonly name: 'mlx_lm.server' | 'mlx_vlm.server' | 'vllm-mlx' | 'mlx-openai-server'
  /** What it is called by: the program and the words that must follow it. */
  readonly calls: readonly (readonly [string, ...string[]])[]
  /** The same as a Python module. */
  readonly modules: readonly (readonly [string, ...string[]])[]
}

const programs: readonly KnownProgram[] = [
  {
    name: 'mlx_lm.server',
    calls: [['mlx_lm.server'], ['mlx_lm', 'server']],
    modules: [['mlx_lm.server'], ['mlx_lm', 'server']],
  },
  { name: 'mlx_vlm.server', calls: [['mlx_vlm.server']], modules: [['mlx_vlm.server']] },
  { name: 'vllm-mlx', calls: [['vllm-mlx', 'serve']], modules: [['vllm_mlx.server']] },
  { name: 'mlx-openai-server', calls: [['mlx-openai-server', 'launch']], modules: [] },
]

/** Programs that run the one named behind them on this machine, as it is. */
const launchers = /^(env|uv|uvx|pipx|conda|mamba|micromamba|poetry|pixi|nice|nohup|caffeinate|python(\d+(\.\d+)?)?)$/

export interface Recognised {
  readonly program: KnownProgram['name']
  /** Everything up to its own flags. */
  readonly call: readonly string[]
  readonly flags: readonly string[]
  /** What `env NAME=value` sets in front of it, which is no part of `call`. */
  readonly environment: Readonly<Record<string, string>>
}

/** Undefined where it runs none of them, or in a place of its own: another machine, a container, a shell. */
export function recognise(words: readonly string[]): Recognised | undefined {
  const { environment, rest } = withoutEnvironment(words)
  for (const [at, word] of rest.entries()) {
    if (at > 0 && !launchers.test(basename(rest[0] ?? ''))) return undefined
    const isModule = rest[at - 1] === '-m'
    // uvx takes `program@version`
    const named = isModule ? word : basename(word).replace(/@[^@]*$/, '')
    for (const program of programs) {
      const calls = isModule ? program.modules : program.calls
      const call = calls.find((call) => call.every((part, index) => part === (index === 0 ? named : rest[at + index])))
      if (call === undefined) continue
      const end = at + call.length
      return { program: program.name, call: rest.slice(0, end), flags: rest.slice(end), environment }
    }
  }
  return undefined
}

export const knownPrograms: readonly string[] = programs.map(({ name }) => name)

/** `env A=b program …`: taken apart, unless env is told more than that. */
function withoutEnvironment(words: readonly string[]): {
  readonly environment: Readonly<Record<string, string>>
  readonly rest: readonly string[]
} {
  if (basename(words[0] ?? '') !== 'env') return { environment: {}, rest: words }
  const end = words.findIndex((word, at) => at > 0 && !/^\w+=/.test(word))
  if (end === -1 || words[end]?.startsWith('-')) return { environment: {}, rest: words }
  const assigned = words.slice(1, end).map((word) => {
    const at = word.indexOf('=')
    return [word.slice(0, at), word.slice(at + 1)]
  })
  return { environment: Object.fromEntries(assigned), rest: words.slice(end) }
}
