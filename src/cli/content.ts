/** What stands in a file that a command was given. */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { GatewayError, messageOf } from '../errors.ts'
import type { World } from './world.ts'

/** `-` is standard input. Throws GatewayError `invalid_request`. */
export async function contentOf(file: string, world: Pick<World, 'in'>): Promise<string> {
  if (file === '-') return text(world.in)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('invalid_request', `${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
}
