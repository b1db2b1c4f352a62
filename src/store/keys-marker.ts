/** Once an API key was made, /v1 never opens by itself again. The keys stand in the database; that there were any stands in a file of its
 *  own beside it, so that losing the one is not taken for a fresh start:
 *
 *  1. No marker, no key: none was ever made. On loopback /v1 is open.
 *  2. No marker, but a key, be it revoked: somebody took the marker away. It is written again before anybody is let in.
 *  3. A marker and a key: a key is required.
 *  4. A marker and no key in a database that was in use: an older backup was put back, or the gateway died between marker and key. A key is
 *     required; one can be made with the admin token.
 *  5. A marker beside a database that is missing, empty or without tables: the keys are lost. The gateway does not start and changes
 *     nothing, until a backup is back, or a person deletes the marker and so says: 1.
 *
 *  The marker is on disk before the first key is stored, and goes again only where that key could not be stored. What is known of keys is
 *  moved into the database file before it is acknowledged (`settle`): without its -wal file it loses none. */
import { lstatSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../errors.ts'
import { unwritable, writeDurably } from './directory.ts'

export interface KeysMarker {
  isSet(): boolean
  /** On disk before it returns; false where it was there already. Throws GatewayError `store_unusable`. */
  set(): boolean
  /** Throws GatewayError `store_unusable`; then it still is set. */
  clear(): void
}

const words = `API keys were made in this data directory, so /v1 asks for one, and the gateway does not start where gateway.db has lost them.
To start afresh, with /v1 open to every program on this machine until a key is made, move gateway.db away and delete this file.
`

export function keysMarkerIn(dataDirectory: string): string {
  return join(dataDirectory, 'keys-were-made')
}

export function createKeysMarker(dataDirectory: string): KeysMarker {
  const file = keysMarkerIn(dataDirectory)
  const isThere = () => lstatSync(file, { throwIfNoEntry: false }) !== undefined
  let there = isThere()
  return {
    isSet: () => there,
    set() {
      there ||= isThere()
      if (there) return false
      try {
        writeDurably(file, words)
      } catch (thrown) {
        // a half one would say that keys were made
        rmSync(file, { force: true })
        throw unwritable(file, thrown)
      }
      there = true
      return true
    },
    clear() {
      try {
        rmSync(file)
      } catch (thrown) {
        throw unwritable(file, thrown)
      }
      there = false
    },
  }
}

/** Whether there is nothing in a database file: SQLite would make a new one there, and throw the -wal file beside it away. */
export function holdsNothing(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0
}

export function keysLost(dataDirectory: string, what: string): GatewayError {
  const marker = keysMarkerIn(dataDirectory)
  return new GatewayError(
    'store_unusable',
    `API keys were made in ${dataDirectory}, and they are lost: ${join(dataDirectory, 'gateway.db')} ${what}. Nothing was changed. Put a backup ` +
      `in its place; or, to start afresh with /v1 open to every program on this machine, delete ${marker}.`,
  )
}
