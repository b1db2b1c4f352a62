/** The grammar of names that can be asked for. Pure. */

const LONGEST_PART = 96
const PART = `[A-Za-z0-9_][A-Za-z0-9._:-]{0,${LONGEST_PART - 1}}`
const NAME = new RegExp(`^${PART}(/${PART})?$`)

/** In characters: what is longer is the name of nothing. */
export const LONGEST_NAME = 2 * LONGEST_PART + 1

/** `name` or `owner/name`; never a path: nothing that climbs, nothing absolute, no encoded or control characters. */
export function isName(text: string): boolean {
  return NAME.test(text) && !text.includes('..')
}
