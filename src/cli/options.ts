/** The options of all commands. */
import type { Scope } from '../access/access.ts'

/** What commands are called with beside their arguments; each reads its own. */
export interface Options {
  readonly json?: boolean
  readonly now?: boolean
  readonly follow?: boolean
  readonly scope?: readonly Scope[]
  readonly model?: readonly string[]
  /** Ms from now. */
  readonly expires?: number
  readonly wait?: boolean
  readonly yes?: boolean
  readonly all?: boolean
  readonly repair?: boolean
  readonly dryRun?: boolean
  readonly folder?: string
  readonly owner?: string
  readonly task?: string
  readonly bits?: number
  /** Bytes. */
  readonly maxSize?: number
  readonly minSize?: number
  readonly sort?: 'downloads' | 'recent'
  readonly limit?: number
}

/** For an option that may come more than once. One that took several values at once would take the command's argument along. */
export function each<Value>(read: (text: string) => Value) {
  return (text: string, before: readonly Value[] = []): readonly Value[] => [...before, read(text)]
}
