/** What the store does with sessions, in memory. */
import { GatewayError } from '../../../src/errors.ts'
import type { SessionRow, Store } from '../../../src/store/store.ts'

export type SessionTable = Store['sessions'] & {
  /** From now on nothing can be written, or can again. */
  full: boolean
}

export function sessionTable(): SessionTable {
  let rows: SessionRow[] = []
  const table: SessionTable = {
    full: false,
    list: () => [...rows],
    add(row) {
      refuseIfFull()
      rows = [...rows.filter(({ expiresAt }) => expiresAt >= row.createdAt), row]
    },
    remove(hash) {
      refuseIfFull()
      const before = rows.length
      rows = rows.filter((row) => row.hash !== hash)
      return rows.length < before
    },
    removeAll() {
      refuseIfFull()
      rows = []
    },
  }
  function refuseIfFull(): void {
    if (table.full) throw new GatewayError('store_unusable', 'The disk is full.')
  }
  return table
}
