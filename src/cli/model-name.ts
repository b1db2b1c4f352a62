/** How people write a model, on a command line. */

/** `owner/name` or `owner/name@revision`. */
export function splitRevision(wanted: string): readonly [id: string, revision: string | undefined] {
  const at = wanted.indexOf('@')
  return at < 0 ? [wanted, undefined] : [wanted.slice(0, at), wanted.slice(at + 1)]
}
