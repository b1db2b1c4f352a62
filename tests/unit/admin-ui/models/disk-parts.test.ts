import { describe, expect, test } from 'vitest'
import { disksOf } from '../../../../admin-ui/src/pages/models/disk-parts.ts'
import type { DiskUse } from '../../../../admin-ui/src/pages/models/use-library.ts'

const GB = 1e9

function use(
  models: readonly (readonly [folder: string, ownGB: number | null])[],
  given: Partial<DiskUse> = {},
): DiskUse {
  return {
    models: models.map(([folder, own]) => {
      const bytes = own === null ? null : own * GB
      return { id: folder.slice(1), folder, sizeBytes: bytes, ownBytes: bytes }
    }),
    totalBytes: models.reduce((sum, [, own]) => sum + (own ?? 0) * GB, 0),
    places: [{ path: '/cache', kind: 'huggingface', freeBytes: 100 * GB }],
    ...given,
  }
}

describe('the bar of the disk', () => {
  test('draws each model by what is its own, the largest first, and tells what is free', () => {
    const [disk] = disksOf(
      use([
        ['/cache/a', 1],
        ['/cache/b', 5],
        ['/cache/c', null],
      ]),
    )
    expect(disk?.parts.map(({ id, bytes }) => [id, bytes / GB])).toEqual([
      ['cache/b', 5],
      ['cache/a', 1],
    ])
    expect([disk?.modelsBytes, disk?.freeBytes]).toEqual([6 * GB, 100 * GB])
  })

  test('draws what several models share once, and so is as long as what is on the disk', () => {
    const [disk] = disksOf(
      use(
        [
          ['/cache/a', 1],
          ['/cache/b', 2],
        ],
        { totalBytes: 7 * GB },
      ),
    )
    expect(disk?.parts.at(-1)).toMatchObject({ id: null, name: 'shared by several models', bytes: 4 * GB })
    expect(disk?.modelsBytes).toBe(7 * GB)
  })

  test('puts those that are too many to be drawn together', () => {
    const many = Array.from({ length: 12 }, (_, at) => [`/cache/${at}`, 12 - at] as const)
    const [disk] = disksOf(use(many))
    expect(disk?.parts).toHaveLength(9)
    expect(disk?.parts.at(-1)).toMatchObject({ id: null, name: '4 smaller ones', bytes: 10 * GB })
  })

  test('takes places with the same space free for one disk, though downloads write while it is asked', () => {
    const places = [
      { path: '/cache', kind: 'huggingface', freeBytes: 100 * GB },
      { path: '/home/models', kind: 'folder', freeBytes: 100 * GB - 3e6 },
      { path: '/external', kind: 'folder', freeBytes: 900 * GB },
    ] as const
    const models = [
      ['/cache/a', 1],
      ['/home/models/b', 2],
      ['/external/c', 30],
      ['/external-other/d', 4],
    ] as const
    const disks = disksOf(use(models, { places: [...places] }))
    expect(disks.map(({ paths, modelsBytes }) => [paths, modelsBytes / GB])).toEqual([
      [['/cache', '/home/models'], 7],
      [['/external'], 30],
    ])
  })

  test('gives what is shared to the disk of the cache, where that happens', () => {
    const places = [
      { path: '/external', kind: 'folder', freeBytes: 900 * GB },
      { path: '/cache', kind: 'huggingface', freeBytes: 100 * GB },
    ] as const
    const disks = disksOf(
      use(
        [
          ['/external/c', 30],
          ['/cache/a', 1],
        ],
        { places: [...places], totalBytes: 33 * GB },
      ),
    )
    expect(disks.map(({ modelsBytes }) => modelsBytes / GB)).toEqual([30, 3])
  })
})
