/** The data directory itself: nobody else's business. */
import { mkdirSync } from 'node:fs'
import { GatewayError, messageOf } from '../errors.ts'

/** Makes the directory for its owner alone. One that is there already keeps its mode: it may serve more than this gateway,
 *  and every file in it is closed to others by itself. Throws GatewayError `store_unusable`. */
export function makeDataDirectory(dataDirectory: string): void {
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw new GatewayError(
      'store_unusable',
      `The data directory ${dataDirectory} cannot be made (${messageOf(thrown)}). Choose another one with --data.`,
      { cause: thrown },
    )
  }
}
