/** How the bar of the disk is divided. Pure; sizes in bytes. */
import type { DiskUse } from './use-library.ts'

export interface DiskPart {
  /** Tells it from the others. */
  readonly key: string
  /** NULL: what several models share, or those that are too small to be drawn. */
  readonly id: string | null
  readonly name: string
  readonly bytes: number
}

export interface DiskPicture {
  /** Where models are kept on this disk. */
  readonly paths: readonly string[]
  readonly parts: readonly DiskPart[]
  readonly modelsBytes: number
  readonly freeBytes: number | null
}

const mostDrawn = 8
/** Free space is told of one place after the other, while downloads write. */
const sameFreeBytes = 100e6

/** One picture for each disk that holds models, or could.
 *  1. Places with as much space free as each other are on one disk, or on volumes that share one. 2. A model is where its folder is.
 *  3. The largest are drawn, by what is theirs alone; the rest together; what several share, in the cache where that happens. */
export function disksOf({ models, places, totalBytes }: DiskUse): readonly DiskPicture[] {
  // 1
  const disks: { paths: string[]; kinds: string[]; freeBytes: number | null }[] = []
  for (const { path, kind, freeBytes } of places) {
    const same = disks.find((disk) => isSame(disk.freeBytes, freeBytes))
    if (same === undefined) disks.push({ paths: [path], kinds: [kind], freeBytes })
    else {
      same.paths.push(path)
      same.kinds.push(kind)
    }
  }
  // 2
  const homeOf = (folder: string) =>
    disks.find(({ paths }) => paths.some((path) => folder === path || folder.startsWith(`${path}/`))) ?? disks[0]
  const sharedBytes = Math.max(0, totalBytes - sum(models.map(({ ownBytes }) => ownBytes ?? 0)))
  const sharing = disks.find(({ kinds }) => kinds.includes('huggingface')) ?? disks[0]
  // 3
  return disks.map((disk) => {
    const own = models.filter(({ folder }) => homeOf(folder) === disk)
    const parts = partsOf(own, disk === sharing ? sharedBytes : 0)
    const modelsBytes = sum(parts.map(({ bytes }) => bytes))
    return { paths: disk.paths, parts, modelsBytes, freeBytes: disk.freeBytes }
  })
}

function partsOf(models: DiskUse['models'], sharedBytes: number): readonly DiskPart[] {
  const largest = models
    .map(({ id, folder, ownBytes }) => ({ key: folder, id, name: id, bytes: ownBytes ?? 0 }))
    .filter(({ bytes }) => bytes > 0)
    .sort((one, other) => other.bytes - one.bytes)
  const small = largest.slice(mostDrawn)
  const others = {
    key: 'others',
    id: null,
    name: `${small.length} smaller ones`,
    bytes: sum(small.map(({ bytes }) => bytes)),
  }
  const shared = { key: 'shared', id: null, name: 'shared by several models', bytes: sharedBytes }
  return [...largest.slice(0, mostDrawn), others, shared].filter(({ bytes }) => bytes > 0)
}

function isSame(one: number | null, other: number | null): boolean {
  return one === null || other === null ? one === other : Math.abs(one - other) < sameFreeBytes
}

function sum(bytes: readonly number[]): number {
  return bytes.reduce((sum, one) => sum + one, 0)
}
