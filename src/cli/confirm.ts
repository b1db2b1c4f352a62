/** Asks before something that cannot be undone. */
import { createInterface } from 'node:readline/promises'
import { printable } from './print.ts'
import type { World } from './world.ts'

/** Where nobody sits at a terminal nobody can be asked: whoever wrote the script meant it. */
export async function confirmed(world: World, question: string): Promise<boolean> {
  if (!world.in.isTTY || !world.err.isTTY) return true
  const asking = createInterface({ input: world.in, output: world.err })
  const { promise: left, resolve: leave } = Promise.withResolvers<string>()
  // Ctrl-C or Ctrl-D: no
  asking.once('close', () => leave(''))
  try {
    return /^y(es)?$/i.test((await Promise.race([asking.question(`${printable(question)} [y/N] `), left])).trim())
  } finally {
    asking.close()
  }
}
