/** The options of all commands. */

/** What commands are called with beside their arguments; each reads its own. */
export interface Options {
  readonly json?: boolean
  readonly now?: boolean
  readonly follow?: boolean
  readonly name?: string
  readonly scope?: readonly string[]
  readonly model?: readonly string[]
  readonly expires?: string
  readonly models?: boolean
}
