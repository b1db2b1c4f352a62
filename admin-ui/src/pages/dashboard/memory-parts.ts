/** How the memory bar is divided. Pure. */
import type { Memory, ServerView } from '../../../../src/api/admin/admin.ts'

export interface MemoryPart {
  /** `held`: measured. `kept`: promised beyond that, for a context's growth or a load under way. */
  readonly kind: 'held' | 'kept' | 'other'
  /** NULL: other programs. */
  readonly profile: string | null
  readonly bytes: number
}

export interface MemoryPicture {
  /** What the whole bar stands for, bytes. */
  readonly totalBytes: number
  readonly parts: readonly MemoryPart[]
  /** Of servers and other programs; null where those are not known. */
  readonly usedBytes: number | null
  readonly freeBytes: number | null
  /** What servers may still take. */
  readonly leftBytes: number
}

/** 1. Each server: what it holds, then what is kept for it beyond that. 2. Other programs, as far as they are known.
 *  3. The bar is never shorter than what stands on it, nor than the budget. */
export function pictureOf(
  servers: readonly Pick<ServerView, 'profile' | 'memoryBytes' | 'reservedBytes'>[],
  memory: Pick<Memory, 'totalBytes' | 'otherBytes'> | undefined,
  budgetBytes: number,
): MemoryPicture {
  const parts: MemoryPart[] = []
  const add = (part: MemoryPart): void => {
    if (part.bytes > 0) parts.push(part)
  }
  let takenBytes = 0
  // 1
  for (const { profile, memoryBytes, reservedBytes } of servers) {
    const held = memoryBytes ?? 0
    add({ kind: 'held', profile, bytes: held })
    add({ kind: 'kept', profile, bytes: Math.max(0, reservedBytes - held) })
    takenBytes += Math.max(held, reservedBytes)
  }
  // 2
  const otherBytes = memory?.otherBytes ?? null
  add({ kind: 'other', profile: null, bytes: otherBytes ?? 0 })
  // 3
  const all = sum(parts)
  const totalBytes = Math.max(memory?.totalBytes ?? 0, budgetBytes, all)
  const used = sum(parts.filter(({ kind }) => kind !== 'kept'))
  const known =
    otherBytes === null ? { usedBytes: null, freeBytes: null } : { usedBytes: used, freeBytes: totalBytes - all }
  return { totalBytes, parts, ...known, leftBytes: Math.max(0, budgetBytes - takenBytes) }
}

function sum(parts: readonly MemoryPart[]): number {
  return parts.reduce((bytes, part) => bytes + part.bytes, 0)
}
