/** A command line as people write it, split into its words. Nothing is run, and nothing but quotes has a meaning. Pure. */

const piece = /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])|([^\s'"\\]+)|(\s+)/y

/** As a shell would split it: 'as it is', "with \" in it", and \ before anything outside. Undefined where a quote is not closed. */
export function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  piece.lastIndex = 0
  while (piece.lastIndex < line.length) {
    const found = piece.exec(line)
    if (found === null) return undefined
    const [, single, double, escaped, plain, blank] = found
    if (blank === undefined) {
      // a backslash at the end of a line goes on with the next
      const more =
        escaped === '\n' ? undefined : (single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain)
      if (more !== undefined) word = (word ?? '') + more
    } else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}
