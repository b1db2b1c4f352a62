/** What `/proc/PID/stat` and `/proc/PID/cmdline` say (man 5 proc). */

export interface Stat {
  readonly groupId: number
  /** Clock ticks since boot. */
  readonly startTicks: string
  readonly zombie: boolean
}

/** The name in field 2 may hold spaces and parentheses, so fields are counted from the last `)`. */
export function parseStat(text: string): Stat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, , groupId] = fields
  const startTicks = fields[22 - 3]
  if (state === undefined || groupId === undefined || startTicks === undefined) return undefined
  return { groupId: Number(groupId), startTicks, zombie: state === 'Z' || state === 'X' }
}

/** Arguments end with NUL. */
export function parseCommandLine(text: string): string {
  return text.replace(/\0+$/, '').replaceAll('\0', ' ')
}
