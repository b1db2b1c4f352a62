/** A command line as it stands in llama-swap's files: with comments, and blanks behind a backslash. Pure. */
import { wordsOf } from '../wire/command-line.ts'

/** Its words. A line that begins with # is a comment, a \ at the end of a line goes on with the next. Undefined where a quote is not closed. */
export function commandWords(text: string): readonly string[] | undefined {
  return wordsOf(withoutComments(text))
}

/** One line that means the same: without the lines that begin with #, and gone on with where one ends in a backslash. */
export function withoutComments(text: string): string {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  // blanks behind the backslash are easily overlooked
  return lines.map((line) => line.replace(/\\\s*$/, ' ')).join('\n')
}
