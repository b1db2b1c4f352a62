/** The flags of a command line beside their values, whatever program they are for. Pure. */
import { isFlag } from './flags.ts'

/** A flag with its value, where it has one; or a word by itself. */
export type Given =
  | { readonly flag: string; readonly value: string | undefined }
  | { readonly flag: undefined; readonly value: string }

/** What stands behind a flag, or after its =, is its value, unless it is a flag itself. */
export function givenIn(words: readonly string[]): readonly Given[] {
  const given: Given[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const next = words[at + 1]
    const [, flag, inline] = /^(--[^=]+)=([^]*)$/.exec(word) ?? []
    if (flag !== undefined) given.push({ flag, value: inline })
    else if (!isFlag(word)) given.push({ flag: undefined, value: word })
    else if (next === undefined || isFlag(next)) given.push({ flag: word, value: undefined })
    else {
      given.push({ flag: word, value: next })
      at += 1
    }
  }
  return given
}

export function wordsOf({ flag, value }: Given): readonly string[] {
  return [flag, value].filter((word) => word !== undefined)
}

/** Of the last of these flags: argparse takes that one. */
export function valueOf(given: readonly Given[], ...flags: readonly string[]): string | undefined {
  return given.findLast(({ flag }) => flag !== undefined && flags.includes(flag))?.value
}
