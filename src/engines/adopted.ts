/** What became of a command line that somebody else wrote. */
import type { WrittenProfile } from '../config/config.ts'

/** Settings beside a name, and what is different from the command, in sentences; or why there can be none. */
export type Adopted =
  | { readonly settings: Partial<WrittenProfile>; readonly notes: readonly string[] }
  | { readonly reason: string }
