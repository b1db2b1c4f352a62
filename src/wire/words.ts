/** The words of another program, made fit for people who have no business with this machine. */

/** One line, without control characters, and without the folders that files lie in. */
export function tidied(text: string, longest: number): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- escape sequences must not reach a terminal or a header
      .replaceAll(/\u001B\[[\d;?]*[A-Za-z]/g, '')
      .replaceAll(/[\u0000-\u001F\u007F]+/g, ' ')
      .replaceAll(/(?:\/[\w.@+-]+)+\/([\w.@+-]+)/g, '$1')
      .trim()
      .slice(0, longest)
  )
}
