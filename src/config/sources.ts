/** What the environment and the flags set, one setting at a time, in rising strength. */
import { closest } from 'fastest-levenshtein'
import { fromText, leaves, type Leaf } from './leaves.ts'

export interface Flags {
  readonly host?: string | undefined
  readonly port?: string | number | undefined
  readonly data?: string | undefined
  readonly config?: string | undefined
  /** `path=value` each. */
  readonly set?: readonly string[] | undefined
}

export interface Assignment {
  readonly leaf: Leaf
  readonly value: unknown
  readonly origin: 'environment' | 'flag'
  /** The variable or the flag, as written. */
  readonly detail: string
}

interface Assigned {
  readonly assignments: readonly Assignment[]
  readonly problems: readonly string[]
}

/** Variables of ours that are not settings. */
export const ownVariables = { data: 'MLX_GATEWAY_DATA', config: 'MLX_GATEWAY_CONFIG' } as const

const shortFlags = { 'server.host': 'host', 'server.port': 'port' } as const

/** An empty variable counts as not set. */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Assigned {
  const assignments = leaves.flatMap((leaf): Assignment[] => {
    const text = environment[leaf.variable]
    if (text === undefined || text === '') return []
    return [{ leaf, value: fromText(leaf.kind, text), origin: 'environment', detail: leaf.variable }]
  })
  const known = [...Object.values(ownVariables), ...leaves.map(({ variable }) => variable)]
  const unknown = Object.keys(environment).filter((name) => name.startsWith('MLX_GATEWAY_') && !known.includes(name))
  return {
    assignments,
    problems: unknown.map((name) => `${name}: there is no such setting; did you mean ${closest(name, known)}?`),
  }
}

export function fromFlags(flags: Flags): Assigned {
  const problems: string[] = []
  const assignments = leaves.flatMap((leaf): Assignment[] => {
    const flag = Object.entries(shortFlags).find(([path]) => path === leaf.path)?.[1]
    const text = flag === undefined ? undefined : flags[flag]
    if (text === undefined) return []
    return [{ leaf, value: fromText(leaf.kind, String(text)), origin: 'flag', detail: `--${flag}` }]
  })
  for (const written of flags.set ?? []) {
    const [, path = '', text = ''] = /^([^=]+)=(.*)$/s.exec(written) ?? []
    const leaf = leaves.find((candidate) => candidate.path === path)
    if (leaf?.secret === true) {
      problems.push(
        `--set ${path}: every process can read a command line; write it into the file or into ${leaf.variable}`,
      )
    } else if (leaf !== undefined) {
      assignments.push({ leaf, value: fromText(leaf.kind, text), origin: 'flag', detail: `--set ${path}` })
    } else if (path === '') {
      problems.push(`--set ${written}: write path=value, for example --set server.port=8091`)
    } else {
      const near = closest(
        path,
        leaves.map((candidate) => candidate.path),
      )
      problems.push(`--set ${path}: there is no such setting; did you mean ${near}?`)
    }
  }
  return { assignments, problems }
}
