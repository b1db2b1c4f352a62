/** The last lines of a log. Pure. */

export interface Line {
  /** Rising, also over lines that are no longer kept. */
  readonly number: number
  readonly text: string
}

export interface LogState {
  readonly lines: readonly Line[]
  /** How many there were in all. */
  readonly total: number
}

export const none: LogState = { lines: [], total: 0 }

const most = 5_000

export function append({ lines, total }: LogState, texts: readonly string[]): LogState {
  const more = texts.map((text, index) => ({ number: total + index + 1, text }))
  return { lines: [...lines, ...more].slice(-most), total: total + texts.length }
}

/** Those with this text in them, whatever the case, colour codes aside. */
export function found(lines: readonly Line[], text: string): readonly Line[] {
  const wanted = text.trim().toLowerCase()
  return wanted === '' ? lines : lines.filter((line) => withoutColours(line.text).toLowerCase().includes(wanted))
}

export function withoutColours(text: string): string {
  return text.replaceAll(/\u001B\[[0-9;]*m/g, '')
}
