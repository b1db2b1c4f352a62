/** Which command line arguments of a profile an engine may be given. Pure. */
import { closest } from 'fastest-levenshtein'
import { GatewayError } from '../errors.ts'

/** Python's argparse takes a prefix (`--mod`) for the whole flag, so a flag passes only when it is written out exactly as the help has it.
 *  `known`: undefined where that cannot be told. `owned`: flags that are not the profile's to set, each with what to do instead. Throws
 *  GatewayError `invalid_request` that names everything at fault; `param` is the first. */
export function checkArguments(
  given: readonly string[],
  known: ReadonlySet<string> | undefined,
  owned: ReadonlyMap<string, string>,
): void {
  const firstFlag = given.findIndex(isFlag)
  const faults = given.flatMap((argument, index) => {
    const before = firstFlag === -1 || index < firstFlag
    const message = isFlag(argument)
      ? faultOf(argument, known, owned)
      : before
        ? `"${argument}" follows no flag.`
        : undefined
    return message === undefined ? [] : [{ index, message }]
  })
  const [first] = faults
  if (first === undefined) return
  const message = faults.map((fault) => fault.message).join(' ')
  throw new GatewayError('invalid_request', message, { param: `arguments[${first.index}]` })
}

function faultOf(
  argument: string,
  known: ReadonlySet<string> | undefined,
  owned: ReadonlyMap<string, string>,
): string | undefined {
  const flag = argument.split('=', 1)[0] ?? argument
  const instead = owned.get(flag)
  if (instead !== undefined) return `${flag} is set by the gateway: ${instead}`
  return known === undefined || known.has(flag) ? undefined : unknown(flag, known, owned)
}

/** argparse takes `-1` and `-.5` for values. */
export function isFlag(argument: string): boolean {
  return argument.startsWith('-') && !/^-(\d+|\d*\.\d+)$/.test(argument)
}

function unknown(flag: string, known: ReadonlySet<string>, owned: ReadonlyMap<string, string>): string {
  const offered = [...known].filter((one) => !owned.has(one) && one !== '--help')
  const nearest = offered.length === 0 ? '' : ` Did you mean ${closest(flag, offered)}?`
  return `This version of the engine has no flag ${flag}.${nearest}`
}
