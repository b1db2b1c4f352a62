/** Words as a command line that a person can read, change and paste into a shell; `wire/command-line.ts` is the way back. Pure. */

/** Words that mean what they say without quotes; what the gateway fills in stays as it is. */
const bare = /^(?:[\w@%+=:,./~^-]|\$\{(?:port|model)\}|<port>)+$/

function quoted(word: string): string {
  return bare.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

export function lineOf(words: readonly string[]): string {
  return words.map(quoted).join(' ')
}

/** Each flag begins a line, and its values stand beside it. */
export function linesOf(words: readonly string[]): string {
  const lines: string[][] = []
  for (const word of words) {
    const line = lines.at(-1)
    if (line === undefined || word.startsWith('-')) lines.push([word])
    else line.push(word)
  }
  return lines.map(lineOf).join(' \\\n  ')
}
