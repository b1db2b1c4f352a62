/** A command line as people write it in files, split into its words. Nothing is run, and nothing but quotes has a meaning. Pure. */

const blank = /\s/
/** What a backslash takes its meaning from between double quotes; before anything else it stands for itself. */
const escapable = new Set(['"', '\\', '$', '`'])

/** Words as a shell would split them: 'as it is', "with \" and \\", and \ before anything outside. A line that begins with # is a comment,
 *  a \ at the end of a line goes on with the next. Undefined where a quote is not closed. */
export function commandWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  const line = withoutComments(text)
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    const next = line.charAt(at + 1)
    const escapes = char === '\\' && next !== '' && quote !== "'" && (quote === undefined || escapable.has(next))
    if (escapes) {
      word = (word ?? '') + next
      at += 1
    } else if (char === quote) quote = undefined
    else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char
      word ??= ''
    } else if (quote === undefined && blank.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (quote !== undefined) return undefined
  return word === undefined ? words : [...words, word]
}

/** One line that means the same: without the lines that begin with #, and gone on with where one ends in a backslash. */
export function withoutComments(text: string): string {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  // blanks behind the backslash are easily overlooked
  return lines.map((line) => line.replace(/\\\s*$/, ' ')).join('\n')
}
