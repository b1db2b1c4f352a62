/** How people write a model, on a command line. Pure. */

/** `owner/name` or `owner/name@revision`. */
export function splitRevision(wanted: string): readonly [id: string, revision: string | undefined] {
  const at = wanted.indexOf('@')
  return at < 0 ? [wanted, undefined] : [wanted.slice(0, at), wanted.slice(at + 1)]
}

/** The other way; `main` goes without saying. */
export function withRevision(id: string, revision: string): string {
  return revision === 'main' ? id : `${id}@${revision}`
}

/** Of a model's page, or of what hangs on it: `https://huggingface.co/owner/name/tree/v2`. */
const PAGE =
  /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/(?!(?:datasets|spaces|docs|papers|collections)\/)([\w.-]+\/[\w.-]+)(?:\/(?:tree|blob|resolve|commit)\/([^/?#]+))?(?:[/?#].*)?$/i

/** What somebody copied from a browser, as a name; anything else as it is. */
export function nameOf(text: string): string {
  const [, id, revision = 'main'] = PAGE.exec(text) ?? []
  return id === undefined ? text : withRevision(id, revision.replaceAll(/%2f/gi, '/'))
}

/** The hub says of the rest whether there is such a model. */
export function isModelName(text: string): boolean {
  return /^[^\s/@]+\/[^\s/@]+(?:@\S+)?$/.test(text)
}
