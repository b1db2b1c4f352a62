/** The same for several things, one after the other. */
import { GatewayError } from '../errors.ts'
import { printable } from './print.ts'
import type { World } from './world.ts'

/** What is refused for one does not keep the others from theirs. Returns the exit code: 1 where something was refused. */
export async function eachOf<Thing>(
  things: readonly Thing[],
  world: World,
  work: (thing: Thing) => Promise<void>,
): Promise<number> {
  let code = 0
  for (const thing of things) {
    try {
      await work(thing)
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      tellError(error.message, world)
      code = 1
    }
  }
  return code
}

export function tellError(message: string, world: World): void {
  world.err.write(`error: ${printable(message)}\n`)
}
