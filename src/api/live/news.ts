/** Whether something that is measured again and again has changed enough to be told. Pure. */
import type { Memory } from '../admin/live-shapes.ts'
import type { ServerView } from '../admin/server-view.ts'

const mebibyte = 1024 ** 2

/** More than 1 % or 64 MB. */
export function isOtherSize(before: number | null, after: number | null): boolean {
  if (before === null || after === null) return before !== after
  return Math.abs(after - before) > Math.min(before / 100, 64 * mebibyte)
}

export function isOtherMemory(before: Memory | undefined, after: Memory): boolean {
  if (before === undefined || before.budgetBytes !== after.budgetBytes) return true
  return (['totalBytes', 'availableBytes', 'otherBytes'] as const).some((size) =>
    isOtherSize(before[size], after[size]),
  )
}

export function isOtherServer(before: ServerView | undefined, after: ServerView): boolean {
  if (before === undefined) return true
  const sizes = (['memoryBytes', 'reservedBytes'] as const).some((size) => isOtherSize(before[size], after[size]))
  const times = (['lastUsed', 'unloadAt'] as const).some((time) => isOtherTime(before[time], after[time]))
  return sizes || times || restOf(before) !== restOf(after)
}

/** Reckoned from two clocks each time, which are never read at the same moment. */
function isOtherTime(before: number | null, after: number | null): boolean {
  if (before === null || after === null) return before !== after
  return Math.abs(after - before) > 50
}

function restOf(server: ServerView): string {
  return JSON.stringify({ ...server, memoryBytes: 0, reservedBytes: 0, lastUsed: 0, unloadAt: 0 })
}
