/** The grammar of names that can be asked for. Pure. */

const PART = '[A-Za-z0-9_][A-Za-z0-9._:-]{0,95}'
const NAME = new RegExp(`^${PART}(/${PART})?$`)

/** `name` or `owner/name`; never a path: nothing that climbs, nothing absolute, no encoded or control characters. */
export function isName(text: string): boolean {
  return NAME.test(text) && !text.includes('..')
}
