/** Which command line arguments of a profile an engine may be given. Pure. */
import { closest } from 'fastest-levenshtein'
import { GatewayError } from '../errors.ts'

/** Python's argparse takes a prefix (`--mod`) for the whole flag, so a flag passes only when it is written out exactly as the help has it.
 *  `owned`: flags that are not the profile's to set, each with what to do instead. Throws GatewayError `invalid_request`. */
export function checkArguments(
  given: readonly string[],
  known: ReadonlySet<string>,
  owned: ReadonlyMap<string, string>,
): void {
  let afterFlag = false
  for (const [index, argument] of given.entries()) {
    if (!isFlag(argument)) {
      if (!afterFlag) refuse(index, `"${argument}" follows no flag.`)
      continue
    }
    afterFlag = true
    const flag = argument.split('=', 1)[0] ?? argument
    const instead = owned.get(flag)
    if (instead !== undefined) refuse(index, `${flag} is set by the gateway: ${instead}`)
    if (!known.has(flag)) refuse(index, unknown(flag, known, owned))
  }
}

/** argparse takes `-1` and `-.5` for values. */
function isFlag(argument: string): boolean {
  return argument.startsWith('-') && !/^-(\d+|\d*\.\d+)$/.test(argument)
}

function unknown(flag: string, known: ReadonlySet<string>, owned: ReadonlyMap<string, string>): string {
  const offered = [...known].filter((one) => !owned.has(one) && one !== '--help')
  const nearest = offered.length === 0 ? '' : ` Did you mean ${closest(flag, offered)}?`
  return `This version of the engine has no flag ${flag}.${nearest}`
}

function refuse(index: number, message: string): never {
  throw new GatewayError('invalid_request', message, { param: `arguments[${index}]` })
}
